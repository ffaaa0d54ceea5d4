"""From a change of a pin to a moment, and what that starts."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

import pytest

from daemon.abilities.inputs.watching import Later, Watched, turning, watch
from tests.daemon.abilities.inputs.entrance import PlayedSwitch, Written, table
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardware.base import Knob

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


class PlayedKnob:
    """Implements `hardware.base.Knob`, but for being opened."""

    on_turned: Callable[[int], None] | None = None

    def turn(self, detents: int) -> None:
        assert self.on_turned
        self.on_turned(detents)


def knob(*actions: dict[str, str], **keys: Any) -> tuple[PlayedKnob, Written]:
    knob, written = PlayedKnob(), Written()
    turned = table(kind="encoder", b_pin=5, actions=actions, **keys)
    turning(turned, cast("Knob", knob), written.deeds(), now=lambda: 0.0)
    return knob, written


async def test_each_step_of_a_knob_is_a_moment() -> None:
    turned, written = knob({"when": "right", "say": "on"}, {"when": "left", "say": "back"})
    turned.turn(2)
    turned.turn(-1)
    assert written.done == ["say on", "say on", "say back"]


async def test_the_volume_follows_as_often_as_it_is_turned_and_nothing_else_does() -> None:
    right = [{"when": "right", "do": "louder"}, {"when": "right", "say": "on"}]
    turned, written = knob(*right, max_actions_per_minute=3)
    for _ in range(100):
        turned.turn(1)
    assert (written.done.count("volume +1"), written.done.count("say on")) == (100, 3)
