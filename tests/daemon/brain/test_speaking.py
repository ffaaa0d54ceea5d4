"""A reply as sound, a sentence at a time."""

import numpy as np
import pytest

from daemon.brain.speaking import sentences, spoken
from daemon.sound.pcm import REPLY_RATE_HZ, Samples


def test_sentences() -> None:
    assert list(sentences("I can't: no. Try at 14:05! Why?  ")) == ["I can't: no.", "Try at 14:05!", "Why?"]
    assert list(sentences(" ")) == []


class Metronome:
    """A voice that says one sample for each letter, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def speak(self, text: str, rate_hz: int) -> Samples:
        self.asked.append(text)
        assert rate_hz == REPLY_RATE_HZ
        return np.ones(len(text), np.int16)


async def test_the_first_sentence_is_spoken_before_the_second_is_made() -> None:
    voice = Metronome()
    pieces = spoken("One. Two.", voice)
    first = await anext(pieces)
    assert (first.text, first.audio.tolist()) == ("One.", [1, 1, 1, 1])
    assert voice.asked == ["One."]
    second = await anext(pieces)
    assert second.text == " Two."
    assert second.audio[:4800].tolist() == [0] * 4800
    assert second.audio[4800:].tolist() == [1, 1, 1, 1]
    with pytest.raises(StopAsyncIteration):
        await anext(pieces)
