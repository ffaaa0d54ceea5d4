"""A model that falls silent is asked to go on: once a turn, and only one that is known for it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from daemon.conversation.events import Interrupted, ReplyComplete
from daemon.live.silence import Silence
from tests.daemon.doctor.virtual_time import run_in_virtual_time

AFTER_S = 3.0


def nudges_of(script: Callable[[Silence], Any], *, falls_silent: bool = True, may_end_empty: bool = False) -> int:
    """How often the model is asked, in ten seconds after `script`."""
    asked: list[None] = []

    async def work() -> None:
        nudge = lambda: asked.append(None)  # noqa: E731
        silence = Silence(falls_silent=falls_silent, may_end_empty=may_end_empty, nudge_after_s=AFTER_S, nudge=nudge)
        script(silence)
        await asyncio.sleep(10)

    run_in_virtual_time(work())
    return len(asked)


def expects(silence: Silence) -> None:
    silence.expect_more(1)


def hears(silence: Silence) -> None:
    silence.expect_more(1)
    silence.broken(1)


def is_asked_twice(silence: Silence) -> None:
    silence.nudge(1)
    silence.expect_more(1)


@pytest.mark.parametrize(
    ("script", "falls_silent", "nudges"),
    [(expects, True, 1), (expects, False, 0), (hears, True, 0), (is_asked_twice, True, 1)],
)
def test_after_a_result(script: Callable[[Silence], None], falls_silent: bool, nudges: int) -> None:
    assert nudges_of(script, falls_silent=falls_silent) == nudges


@pytest.mark.parametrize(
    ("report", "falls_silent", "may_end_empty", "hidden"),
    [
        (ReplyComplete(2), True, False, True),
        (ReplyComplete(2), False, False, False),
        (ReplyComplete(2), True, True, False),
        (ReplyComplete(1), True, False, False),
        (Interrupted(2), True, False, False),
    ],
)
def test_the_end_of_an_empty_turn_is_hidden(report: Any, falls_silent: bool, may_end_empty: bool, hidden: bool) -> None:
    silence = Silence(falls_silent=falls_silent, may_end_empty=may_end_empty, nudge_after_s=AFTER_S, nudge=lambda: None)
    silence.broken(1)
    assert silence.hides(report, 2) is hidden


def test_it_is_hidden_once_and_not_if_there_was_something() -> None:
    silence = Silence(falls_silent=True, may_end_empty=False, nudge_after_s=AFTER_S, nudge=lambda: None)
    assert silence.hides(ReplyComplete(1), 1)
    silence.nudge(1)
    assert not silence.hides(ReplyComplete(1), 1)
    silence.broken(2)
    assert not silence.hides(ReplyComplete(2), 2)
