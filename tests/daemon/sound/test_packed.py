"""Packed sound: the same samples come out, and speech takes little more than half."""

import numpy as np
import pytest

from daemon.sound.packed import packed, unpacked
from daemon.sound.pcm import REPLY_RATE_HZ, Samples


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1000])
def test_the_same_samples_come_out(length: int) -> None:
    loud = np.random.default_rng(length).integers(-32_768, 32_767, length, dtype=np.int16, endpoint=True)
    assert np.array_equal(unpacked(packed(loud)), loud)
    assert unpacked(packed(loud)).dtype == np.int16


def test_extremes_wrap_around_and_back() -> None:
    square: Samples = np.tile(np.array([-32_768, 32_767], np.int16), 50)
    assert np.array_equal(unpacked(packed(square)), square)


def test_what_changes_slowly_takes_little() -> None:
    tone: Samples = (8000 * np.sin(2 * np.pi * 200 / REPLY_RATE_HZ * np.arange(REPLY_RATE_HZ))).astype(np.int16)
    assert len(packed(tone)) < tone.nbytes / 2
