import numpy as np
import pytest

from daemon.sound.audible import SILENT_RMS, Powers, is_silent
from daemon.sound.pcm import Samples
from tests.daemon.sound.signals import noise, sine

TONE = sine(500, 16_000)


@pytest.mark.parametrize(
    "samples",
    [np.zeros(16_000, np.int16), np.zeros(0, np.int16), np.full(700, -5_000, np.int16), TONE // 2_000],
    ids=["zeros", "nothing", "a constant", "a very soft tone"],
)
def test_silent(samples: Samples) -> None:
    assert is_silent(samples)


@pytest.mark.parametrize(
    "samples",
    [
        TONE,
        TONE // 200,
        np.concatenate((np.zeros(160_000, np.int16), TONE[:800])),
        np.concatenate((TONE[:1_600], np.zeros(160_000, np.int16))),
    ],
    ids=["a tone", "a soft one", "half a window at the end", "one window at the beginning"],
)
def test_not_silent(samples: Samples) -> None:
    assert not is_silent(samples)


def powers(*channels: Samples) -> Powers:
    measured = Powers(len(channels))
    frames = np.stack(channels, axis=1).astype(np.float32)
    for block in np.array_split(frames, 7):
        measured.add(block, block.mean(axis=1))
    return measured


def test_channels_that_oppose_each_other_cancel() -> None:
    assert powers(TONE, -TONE).cancelled
    assert powers(TONE, (-0.98 * TONE).astype(np.int16)).cancelled
    assert powers(TONE + 100, 100 - TONE).cancelled


def test_channels_that_differ_do_not() -> None:
    assert not powers(TONE).cancelled
    assert not powers(TONE, 0 * TONE).cancelled
    assert not powers(TONE, np.roll(TONE, 3)).cancelled
    assert not powers(noise(16_000), -np.roll(noise(16_000), 1)).cancelled
    assert not powers(0 * TONE, 0 * TONE).cancelled
    assert not powers(*[(TONE * (SILENT_RMS / 40_000)).astype(np.int16)] * 2).cancelled
    assert not Powers(2).cancelled
