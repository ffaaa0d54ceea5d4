"""What was read in a pause stands for the whole, if nothing was said after it."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.brain.recognition.same_words import only_silence_follows
from daemon.sound.pcm import Samples, samples_of_ms, silence
from tests.system.home import quiet

WORDS = (3_000 * np.sin(np.arange(16_000) / 5)).astype(np.int16)
READ = np.concatenate((WORDS, quiet(0.26)))


@pytest.mark.parametrize(
    ("more", "same"),
    [
        (silence(0), True),
        (quiet(0.6, seed=2), True),
        (np.concatenate((quiet(0.2), WORDS[:800])), False),  # 50 ms of a voice
        (np.concatenate((quiet(0.2), WORDS // 5)), False),  # softly
    ],
)
def test_only_silence_may_follow(more: Samples, same: bool) -> None:
    assert only_silence_follows(READ, np.concatenate((READ, more))) == same


def test_what_was_read_has_to_be_the_beginning() -> None:
    assert not only_silence_follows(READ, READ[1:])
    assert not only_silence_follows(READ, np.concatenate((READ[:-1], quiet(0.6))))
    assert not only_silence_follows(READ, READ[: samples_of_ms(500)])


def test_of_nothing_only_nothing_is_the_whole() -> None:
    assert only_silence_follows(silence(0), silence(320))
    assert not only_silence_follows(silence(0), WORDS)
