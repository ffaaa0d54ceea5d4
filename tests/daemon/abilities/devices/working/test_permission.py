"""What decides beside the bounds of a device itself: what else is on, the hours, and somebody's word."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.gate import WATCH_S, Gate
from daemon.abilities.quiet.hours import Hours
from hardware.errors import HardwareError
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

if TYPE_CHECKING:
    from daemon.abilities.devices.working.bounds import Limits

DAY = Hours(time(7), time(22))
BLIND = Bounds(interlock="blind")


class Broken(Pretended):
    """One that cannot be read any more."""

    gone = False

    def read(self):  # type: ignore[no-untyped-def]
        if self.gone:
            raise HardwareError("the pin of up is gone", fix="look at it")
        return super().read()


def gate_of(clock: Clock, *devices: tuple[Pretended, Limits], **options: object) -> Gate:
    return Gate(devices, now=clock, schedule=clock.schedule, **options)  # type: ignore[arg-type]


def test_of_an_interlock_one_is_on_at_a_time(clock: Clock) -> None:
    up, down, lamp = Pretended("up"), Pretended("down"), Pretended("lamp")
    gate = gate_of(clock, (up, BLIND), (down, Bounds(interlock="Blind")), (lamp, Bounds()))
    gate.switch("up", True)
    gate.switch("lamp", True)
    with pytest.raises(Refused, match=r'"down" may not be on together with "up". Fix: turn "up" off first'):
        gate.switch("down", True)
    gate.switch("up", False)
    gate.switch("down", True)
    assert (up.state.on, down.state.on) == (False, True)


def test_after_what_excludes_it_went_off_it_waits_for_the_longest_gap_of_them(clock: Clock) -> None:
    up, down = Pretended("up"), Pretended("down")
    slow = Bounds(interlock="blind", interlock_gap_s=0.5)
    lamp = (Pretended("lamp"), Bounds())
    gate = gate_of(clock, (up, BLIND), (down, slow), (Pretended("side"), BLIND), lamp)
    assert (gate.gap_left_s("up"), gate.gap_left_s("lamp")) == (0.5, 0.0), "it may have gone off at the start"
    clock.step(0.5)
    for first, then in (("up", "down"), ("down", "up")):
        gate.switch(first, True)
        gate.switch(first, False)
        clock.step(0.4)
        assert gate.gap_left_s(then) == pytest.approx(0.1)
        with pytest.raises(Refused, match=f'"{then}" has to wait until .* off for 0.5 s. Fix: try again in 1 s'):
            gate.switch(then, True)
        gate.switch(first, True)
        gate.switch(first, False)
        clock.step(0.5)
        gate.switch(then, True)
        gate.switch(then, False)
        clock.step(0.5)


def test_what_is_pulsed_excludes_the_other_between_its_pulses_too(clock: Clock) -> None:
    gate = gate_of(clock, (Pretended("up"), BLIND), (Pretended("down"), BLIND))
    with gate.held("up", times=2, seconds=1, pause_s=1):
        with pytest.raises(Refused, match='"down" may not be on'):
            gate.switch("down", True)
        with pytest.raises(Refused, match='"down" may not be on'), gate.held("down", times=1, seconds=1, pause_s=1):
            pass
    gate.switch("down", True)


def test_one_that_cannot_be_read_may_be_on(clock: Clock) -> None:
    up = Broken("up")
    gate = gate_of(clock, (up, BLIND), (Pretended("down"), BLIND))
    up.gone = True
    with pytest.raises(HardwareError, match="the pin of up is gone"):
        gate.switch("down", True)


def test_what_is_only_looked_at_is_left_alone_by_everybody(clock: Clock) -> None:
    fridge = Pretended("fridge", dimmable=True)
    gate = gate_of(clock, (fridge, Bounds(read_only=True)))
    mark = gate.mark("fridge")
    for act in (
        lambda: gate.switch("fridge", True),
        lambda: gate.switch("fridge", False),
        lambda: gate.set_level("fridge", 0.5),
        lambda: gate.restore("fridge", mark, mark),
        lambda: gate.held("fridge", times=1, seconds=1, pause_s=1).__enter__(),
    ):
        with pytest.raises(Refused, match='"fridge" can only be looked at'):
            act()
    assert fridge.history == []


def test_out_of_its_hours_it_is_not_turned_on_and_at_their_end_it_is_turned_off(clock: Clock) -> None:
    lamp, start = Pretended(), clock.now
    wall = datetime(2026, 11, 22, 21, 58, tzinfo=UTC)

    def local() -> datetime:
        return wall + timedelta(seconds=clock.now - start)

    gate = gate_of(clock, (lamp, Bounds(allowed=DAY)), local=local)
    gate.switch("lamp", True)
    clock.step(119)
    assert lamp.state.on
    clock.step(1)
    assert not lamp.state.on
    with pytest.raises(Refused, match=r'"lamp" may be on from 07:00 to 22:00 only. Fix: try again at 07:00'):
        gate.switch("lamp", True)
    clock.step(9 * 3600)
    gate.switch("lamp", True)
    gate.switch("lamp", False)
    assert clock.pending() == []


def test_a_clock_that_is_set_out_of_its_hours_is_noticed_within_a_minute(clock: Clock) -> None:
    lamp, wall = Pretended(), [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    gate = gate_of(clock, (lamp, Bounds(allowed=DAY)), local=lambda: wall[0])
    gate.switch("lamp", True)
    wall[0] = datetime(2026, 11, 22, 23, tzinfo=UTC)
    clock.step(WATCH_S)
    assert not lamp.state.on


def test_while_nobody_knows_the_time_what_has_hours_stays_off(clock: Clock) -> None:
    gate = gate_of(clock, (Pretended(), Bounds(allowed=DAY)))
    with pytest.raises(Refused, match="and the clock is not set"):
        gate.switch("lamp", True)


def test_what_wants_somebodys_word_is_asked_for_last_and_off_needs_none(clock: Clock) -> None:
    asked: list[tuple[str, str]] = []
    word: list[bool] = [False]

    def consent(name: str, mode: str) -> bool:
        asked.append((name, mode))
        return word[0]

    door = Pretended("door")
    gate = gate_of(clock, (door, Bounds(confirm=True, min_off_s=5)), consent=consent)
    with pytest.raises(Refused, match="must stay off"):
        gate.switch("door", True)
    assert asked == []
    clock.step(5)
    with pytest.raises(Refused, match=r'"door" is turned on only when the user has agreed. Fix: ask the user'):
        gate.switch("door", True)
    word[0] = True
    gate.switch("door", True)
    word[0] = False
    gate.switch("door", False)
    assert asked == [("door", ""), ("door", "")]


def test_pulses_are_agreed_to_once_for_all_of_them(clock: Clock) -> None:
    asked: list[str] = []
    gate = gate_of(clock, (Pretended(), Bounds(confirm=True)), consent=lambda name, _: not asked.append(name))
    with gate.held("lamp", times=2, seconds=1, pause_s=1) as hold:
        for on in (True, False, True, False):
            gate.switch("lamp", on, hold)
    assert asked == ["lamp"]
