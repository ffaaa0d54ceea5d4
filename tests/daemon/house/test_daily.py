"""What timers have told goes to the household's messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.house.daily import told_by
from daemon.sound.pcm import silence
from daemon.speech.bulletins import EXPIRES_S, LONGEST_WAIT_S, Bulletins, Fate

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples


class Hall:
    """Its clock is set by hand, and nobody listens."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.ended = 0
        self.bulletins = Bulletins(self._speak, lambda: False, lambda: self.now_s, start=asyncio.create_task)
        self.post = told_by(self.bulletins)

    async def _speak(self, _: str) -> Samples:
        return silence(1)

    def end(self) -> None:
        self.ended += 1


async def test_what_was_missed_waits_for_a_day_and_other_things_for_an_hour() -> None:
    hall = Hall()
    missed, done = hall.post("missed", hall.end), hall.post("done")
    assert isinstance(missed, int)
    assert isinstance(done, int)
    hall.now_s = EXPIRES_S
    assert [hall.bulletins.fate(number) for number in (missed, done)] == [Fate.WAITING, Fate.EXPIRED]
    assert not hall.ended
    hall.now_s = LONGEST_WAIT_S
    assert hall.bulletins.fate(missed) is Fate.EXPIRED
    assert hall.ended == 1


async def test_what_is_too_long_to_be_read_out_is_cut_and_ends_nothing() -> None:
    hall = Hall()
    hall.post("x" * 2_000, hall.end)
    assert hall.bulletins.waiting == 1
