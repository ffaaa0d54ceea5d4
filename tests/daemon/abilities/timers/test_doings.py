"""What came of a planned action is told, and what there is to tell comes in messages that can be listened to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.abilities.timers.doings import TOLD_AT_ONCE, Doings
from daemon.sentences.book import Book
from tests.daemon.doctor.virtual_time import run_in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from daemon.tools.tool import Answer

BOOK = Book.of("en")


async def works(_device: str, _wanted: str) -> Answer:
    return {"ok": True}


async def refuses(device: str, wanted: str) -> Answer:
    return {"error": f"{device} may not be {wanted}"}


async def takes_for_ever(_device: str, _wanted: str) -> Answer:
    await asyncio.Event().wait()
    return {"ok": True}


def told_of(act: Callable[[str, str], Awaitable[Answer]], *, tell_actions: bool = True) -> list[str]:
    told: list[str] = []

    def post(text: str, _ended: Callable[[], None] | None = None) -> None:
        told.append(text)

    run_in_virtual_time(Doings(act, post, BOOK, tell_actions).act_and_tell("lamp", "on"))
    return told


def test_that_an_action_was_done_is_told_if_the_household_wants_to_know() -> None:
    assert told_of(works) == [BOOK("action_done", device="lamp")]
    assert told_of(works, tell_actions=False) == []


def test_an_action_that_is_refused_is_told_with_its_reason_whether_wanted_or_not() -> None:
    refused = [BOOK("action_refused", device="lamp", reason="lamp may not be on")]
    assert told_of(refuses) == refused
    assert told_of(refuses, tell_actions=False) == refused


def test_a_device_that_does_not_answer_is_given_up_and_told() -> None:
    assert told_of(takes_for_ever) == [BOOK("action_refused", device="lamp", reason="it took too long")]


def test_much_that_was_missed_comes_in_several_messages_each_of_which_says_that_the_device_was_off() -> None:
    told: list[str] = []
    ended: list[Callable[[], None] | None] = []
    heard: list[Sequence[int]] = []

    def post(text: str, when_ended: Callable[[], None] | None = None) -> None:
        told.append(text)
        ended.append(when_ended)

    missed = {number: f"Sentence {number}." for number in range(TOLD_AT_ONCE + 1)}
    Doings(works, post, BOOK).tell(missed, opening=True, heard=heard.append)
    *most, last = missed.values()
    off = BOOK("while_i_was_off")
    assert told == [" ".join([off, *most]), f"{off} {last}"]
    assert heard == []
    for call_back in reversed(ended):
        assert call_back
        call_back()
    assert heard == [[TOLD_AT_ONCE], list(range(TOLD_AT_ONCE))]
