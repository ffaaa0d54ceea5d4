"""What is the stop word, when it is listened for, and whose it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.hearing.short_utterances import ShortUtterance
from daemon.hearing.stop_word import StopWord, is_stop, speaks_of_stopping
from daemon.sound.pcm import silence

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

SAID = ShortUtterance(20_000, 28_000, 32_000)
MINE, PLAYED = np.full(100, 1, np.int16), np.full(100, 2, np.int16)


@dataclass
class Reading:
    """Reads what was said as `said`, and what was played as `own`."""

    said: str = "Stop."
    own: str = ""
    loaded: bool = True
    loads: int = 0

    async def prepare(self) -> None:
        self.loads += 1

    async def words(self, samples: Samples) -> str:
        return self.own if samples[0] == 2 else self.said


@dataclass
class Playing:
    sounds: bool = True
    played: Samples = field(default_factory=lambda: PLAYED)

    def sounds_at(self, captured: float) -> bool:
        return self.sounds and captured > 0

    def read(self, captured: float, count: int, early: int) -> tuple[Samples, int]:
        assert (captured, count, early) == (12_000, 20_000, 0)
        return self.played, 0


async def heard(word: StopWord) -> list[int]:
    ends: list[int] = []
    work = word.reads(SAID, MINE, ends.append)
    assert work
    await work
    return ends


@pytest.mark.parametrize(
    "text", ["Stop.", "stop it!", "Please stop.", "Stop, stop.", "Stop it. Stop it.", "Be quiet", "Cancel."]
)
def test_nothing_but_the_word_is_the_word(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize(
    "text", ["", "...", "Step.", "Shop.", "Stop the music.", "Don't stop.", "The bus stop.", "Stopped.", "Stop start."]
)
def test_what_only_has_it_in_it_is_not(text: str) -> None:
    assert not is_stop(text)


def test_a_piece_of_a_reply_that_has_it_may_have_been_it() -> None:
    assert speaks_of_stopping("at the bus stop, and")
    assert not speaks_of_stopping("at the station")


async def test_it_is_heard_where_nothing_is_played_or_something_else_is() -> None:
    assert await heard(StopWord(Reading(), None, over_replies=True)) == [28_000]
    assert await heard(StopWord(Reading(own="stop"), Playing(sounds=False), over_replies=True)) == [28_000]
    assert await heard(StopWord(Reading(own="stop"), Playing(played=silence(9)), over_replies=True)) == [28_000]
    assert await heard(StopWord(Reading(own="It is noon."), Playing(), over_replies=True)) == [28_000]
    assert await heard(StopWord(Reading("It is noon."), None, over_replies=True)) == []


async def test_what_is_played_may_say_it() -> None:
    word = StopWord(Reading(own="when you say stop."), Playing(), over_replies=True)
    assert await heard(word) == []
    assert word.refused == 1


async def test_one_is_read_at_a_time() -> None:
    word = StopWord(Reading(), None, over_replies=True)
    first = word.reads(SAID, MINE, lambda _: None)
    assert word.reads(SAID, MINE, lambda _: None) is None
    assert first
    await first
    assert await heard(word) == [28_000]


@pytest.mark.parametrize("loaded", [True, False])
def test_over_a_reply_it_is_wanted_where_the_echo_is_taken_out_and_somebody_reads(*, loaded: bool) -> None:
    reading = Reading(loaded=loaded)
    for over in (True, False):
        word = StopWord(reading, Playing(), over_replies=over)
        assert word.wanted(ringing=True, replying=False)
        assert word.wanted(ringing=False, replying=True) is (over and loaded)
        assert not word.wanted(ringing=False, replying=False)
    assert not StopWord(reading, None, over_replies=True).wanted(ringing=False, replying=True)


async def test_for_a_ring_the_reader_is_loaded() -> None:
    reading = Reading(loaded=False)
    work = StopWord(reading, None, over_replies=False).prepare()
    assert work
    await work
    assert reading.loads == 1
    assert StopWord(Reading(), None, over_replies=False).prepare() is None
