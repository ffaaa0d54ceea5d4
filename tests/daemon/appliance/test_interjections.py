"""What is said over what is played: listened for while something is, and no longer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from daemon.appliance.interjections import Interjections
from daemon.conversation.events import StopHeard
from daemon.conversation.exchange import State
from daemon.conversation.situation import Situation
from daemon.hearing.short_utterances import ShortUtterance
from daemon.sound.pcm import silence

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from daemon.sound.pcm import Samples

SAID = ShortUtterance(1, 2, 3)
IDLE, SPEAKING = Situation(), Situation(State.SPEAKING)
RINGING, TELLING = Situation(ringing=frozenset({"1"})), Situation(telling=True)


class Word:
    """Hears the stop word at once, in whatever was said; over replies where that is so."""

    def __init__(self, *, over_replies: bool = True) -> None:
        self.over_replies = over_replies
        self.prepared = 0

    def wanted(self, *, ringing: bool, replying: bool) -> bool:
        return ringing or (replying and self.over_replies)

    async def _prepare(self) -> None:
        self.prepared += 1

    def prepare(self) -> Coroutine[Any, Any, None]:
        return self._prepare()

    def reads(self, said: ShortUtterance, samples: Samples, heard: Callable[[int], None]) -> Coroutine[Any, Any, None]:
        assert len(samples) == 9

        async def read() -> None:
            heard(said.end)

        return read()


class Bench:
    def __init__(self, word: Word | None, *, ducks: bool = False) -> None:
        self.listens: list[bool] = []
        self.ducked: list[bool] = []
        self.events: list[object] = []
        self.word = word
        self.over = Interjections(
            word,
            ducks=ducks,
            listen=self.listens.append,
            duck=self.ducked.append,
            start=asyncio.run,
            dispatch=self.events.append,
        )


@pytest.mark.parametrize("situation", [SPEAKING, RINGING, TELLING])
def test_the_stop_word_is_heard_while_there_is_something_to_stop(situation: Situation) -> None:
    bench = Bench(Word())
    bench.over.said(SAID, silence(9))
    bench.over.attend(situation)
    bench.over.attend(situation)
    bench.over.said(SAID, silence(9))
    bench.over.attend(IDLE)
    bench.over.said(SAID, silence(9))
    assert bench.events == [StopHeard(2)]
    assert bench.listens == [True, True, False]
    assert bench.word
    assert bench.word.prepared == 1


def test_where_it_is_not_wanted_nobody_listens() -> None:
    for bench in (Bench(None), Bench(Word(over_replies=False))):
        bench.over.attend(SPEAKING)
        bench.over.said(SAID, silence(9))
        bench.over.spoken_over(True)
        assert bench.listens == [False]
        assert bench.events == bench.ducked == []


def test_what_is_played_is_softer_while_somebody_speaks_over_it_and_again_as_it_was_when_it_is_over() -> None:
    bench = Bench(None, ducks=True)
    bench.over.attend(SPEAKING)
    bench.over.spoken_over(True)
    bench.over.spoken_over(False)
    bench.over.spoken_over(True)
    assert bench.ducked == [True, False, True]
    bench.over.attend(IDLE)
    bench.over.attend(IDLE)
    assert bench.ducked == [True, False, True, False]
    assert bench.listens == [True, False, False]
