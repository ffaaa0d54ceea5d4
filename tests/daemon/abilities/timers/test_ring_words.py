"""The words of what rings: spoken ahead, once, and off the loop."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from daemon.abilities.timers.entry import Entry
from daemon.abilities.timers.ring_words import RingWords
from daemon.errors import ModelFileError
from daemon.sentences.book import Book

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

AT = datetime.fromisoformat("2026-12-01T07:00")
PASTA = Entry(1, "timer", "pasta", length_s=60.0)
SOUND = np.full(240, 7, np.int16)


class Voice:
    def __init__(self, *, mute: bool = False) -> None:
        self.said: list[str] = []
        self._mute = mute

    async def speak(self, text: str) -> Samples:
        self.said.append(text)
        if self._mute:
            raise ModelFileError("no voice", fix="get one")
        return SOUND


def words(voice: Voice) -> RingWords:
    ring_words = RingWords(voice.speak, Book.of("en"))
    ring_words.keep([1, 2])
    return ring_words


async def test_a_sentence_is_spoken_once_however_often_it_is_prepared() -> None:
    voice = Voice()
    ring_words = words(voice)
    for _ in range(3):
        await ring_words.prepare(PASTA, AT)
    assert len(voice.said) == 1
    assert "pasta" in voice.said[0]
    assert np.array_equal(ring_words.of([PASTA]), SOUND)


async def test_it_is_worded_off_the_loop() -> None:
    threads: list[threading.Thread] = []

    class Listening(Book):
        def __call__(self, *_: object, **__: object) -> str:  # type: ignore[override]
            threads.append(threading.current_thread())
            return "done"

    ring_words = RingWords(Voice().speak, Listening("en", {}))
    ring_words.keep([1])
    await ring_words.prepare(PASTA, AT)
    assert threads
    assert threading.main_thread() not in threads


async def test_what_has_no_voice_rings_without_words_and_is_not_tried_again() -> None:
    voice = Voice(mute=True)
    ring_words = words(voice)
    for _ in range(2):
        await ring_words.prepare(PASTA, AT)
    assert len(voice.said) == 1
    assert len(ring_words.of([PASTA])) == 0


async def test_what_is_over_before_it_was_spoken_is_not_kept() -> None:
    ring_words = words(Voice())
    ring_words.keep([2])
    await ring_words.prepare(PASTA, AT)
    assert len(ring_words.of([PASTA])) == 0
