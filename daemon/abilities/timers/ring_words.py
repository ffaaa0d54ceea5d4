"""The words of what rings, synthesised shortly before they are needed: ringing itself waits for nothing."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.abilities.timers.spoken import ringing_words
from daemon.errors import PipitError
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, samples_of_ms, silence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from daemon.abilities.timers.entry import Entry
    from daemon.abilities.timers.spoken import Book

AHEAD_S: Final = 60.0
"""How long before it is due: longer than two looks are apart, and not so long that a hundred are kept in memory."""
PAUSE_MS: Final = 300
LOUDEST: Final = 8
"""Of so many that ring at once the words are said."""

log = logging.getLogger(__name__)


class RingWords:
    """`speak` makes 24 kHz samples of a sentence; what it cannot say rings without words."""

    def __init__(self, speak: Callable[[str], Awaitable[Samples]], book: Book) -> None:
        self._speak = speak
        self._book = book
        self._spoken: dict[int, tuple[str, Samples]] = {}
        self._kept: set[int] = set()
        self._one_by_one = asyncio.Lock()

    def of(self, ringing: Iterable[Entry]) -> Samples:
        """What is said of these, with a pause between two; perhaps nothing yet."""
        pause = silence(samples_of_ms(PAUSE_MS, REPLY_RATE_HZ))
        parts: list[Samples] = []
        for entry in list(ringing)[:LOUDEST]:
            if (found := self._spoken.get(entry.number)) and len(found[1]):
                parts += [pause, found[1]] if parts else [found[1]]
        return np.concatenate(parts) if parts else silence(0)

    async def prepare(self, entry: Entry, at: datetime) -> None:
        """Have spoken what is said of `entry`, due at `at`, if it is not.

        It is worded off the loop: the first sentence that counts something loads what knows plural forms.
        """
        async with self._one_by_one:
            text = await asyncio.to_thread(ringing_words, entry, at, self._book)
            if self._spoken.get(entry.number, ("",))[0] == text:
                return
            try:
                samples = await self._speak(text)
            except PipitError as error:
                log.warning("what rings will ring without words: %s", error)
                samples = silence(0)
            if entry.number in self._kept:
                self._spoken[entry.number] = (text, samples)

    def keep(self, numbers: Iterable[int]) -> None:
        """Forget those of all others, and what is still being spoken for them."""
        self._kept = set(numbers)
        self._spoken = {number: spoken for number, spoken in self._spoken.items() if number in self._kept}
