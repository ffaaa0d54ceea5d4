"""From a change of a pin to a moment, and what that starts."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import pytest

from daemon.abilities.inputs.watching import Later, Watched, watch
from tests.daemon.abilities.inputs.entrance import PlayedSwitch, Written, table
from tests.hardware.manual_clock import ManualTimers

SAYS = {
    kind: [{"when": moment, "say": moment} for moment in moments]
    for kind, moments in {
        "button": ("pressed", "released", "held"),
        "contact": ("opened", "closed"),
        "motion": ("motion", "still"),
    }.items()
}


class Hall:
    """One input that says what happens to it, with a clock that a test moves."""

    def __init__(self, kind: str, **keys: Any) -> None:
        self.switch, self.written, self.timers = PlayedSwitch(), Written(), ManualTimers()
        input_ = table(kind=kind, actions=SAYS[kind], **keys)
        self.watched = Watched(input_, self.switch, self.written.deeds(), now=lambda: self.timers.now)
        self.watched.begin(cast("Later", self.timers))


@pytest.mark.parametrize(
    ("kind", "moments"),
    [("button", ["pressed", "released"]), ("contact", ["closed", "opened"]), ("motion", ["motion", "still"])],
)
async def test_each_change_is_a_moment_of_its_kind(kind: str, moments: list[str]) -> None:
    hall = Hall(kind)
    hall.switch.move(True)
    hall.switch.move(False)
    assert hall.written.done == [f"say {moment}" for moment in moments]


async def test_a_button_that_is_kept_down_is_held_once() -> None:
    hall = Hall("button", held_after_ms=500)
    hall.switch.move(True)
    hall.timers.advance(0.499)
    assert hall.written.done == ["say pressed"]
    hall.timers.advance(5)
    hall.switch.move(False)
    hall.timers.advance(5)
    assert hall.written.done == ["say pressed", "say held", "say released"]


async def test_one_that_is_let_go_before_is_not_held() -> None:
    hall = Hall("button", held_after_ms=500)
    hall.switch.move(True)
    hall.timers.advance(0.4)
    hall.switch.move(False)
    hall.timers.advance(5)
    assert hall.written.done == ["say pressed", "say released"]


async def test_what_flutters_starts_no_more_than_it_may() -> None:
    hall = Hall("contact", max_actions_per_minute=4)
    for _ in range(1000):
        hall.switch.move(True)
        hall.switch.move(False)
    assert len(hall.written.done) == 4


async def test_how_it_is_at_first_starts_nothing() -> None:
    switch, written = PlayedSwitch(active=True), Written()
    Watched(table(actions=SAYS["contact"]), switch, written.deeds()).begin(asyncio.get_running_loop().call_later)
    assert written.done == []


async def test_when_the_watch_ends_nothing_is_started_any_more() -> None:
    switch, written = PlayedSwitch(), Written()
    watching = asyncio.create_task(
        watch([Watched(table(kind="button", actions=SAYS["button"]), switch, written.deeds())])
    )
    await asyncio.sleep(0)
    switch.move(True)
    watching.cancel()
    await asyncio.wait([watching])
    switch.move(False)
    assert written.done == ["say pressed"]


async def test_a_pin_that_cannot_be_read_is_told_and_does_not_keep_the_others(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound, written = PlayedSwitch(), PlayedSwitch(), Written()
    broken.broken = True
    both = [Watched(table(actions=SAYS["contact"]), switch, written.deeds()) for switch in (broken, sound)]
    with caplog.at_level(logging.WARNING):
        watching = asyncio.create_task(watch(both))
        await asyncio.sleep(0)
    sound.move(True)
    watching.cancel()
    assert written.done == ["say closed"]
    assert len(caplog.messages) == 1
