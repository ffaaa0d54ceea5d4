"""When timers are looked at again, and what is worded beforehand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from daemon.abilities.timers.entry import Entry, Schedule
from daemon.abilities.timers.looking_ahead import SOONEST_S, TICK_S, WARNING_S, rings_soon, wait_s, worded_soon
from daemon.abilities.timers.ring_words import AHEAD_S
from tests.daemon.abilities.timers.time_machine import HandClocks

NOW = HandClocks().now()


def timer(in_s: float = 0.0, **changes: Any) -> Entry:
    return Entry(**({"number": 1, "kind": "timer", "stamp": NOW.stamp(in_s)} | changes))


@pytest.mark.parametrize(
    ("entries", "unwritten", "expected"),
    [
        ([], False, None),
        ([timer(phase="paused", stamp=None)], False, None),
        ([], True, TICK_S),
        ([timer(20), timer(7)], False, 7.0),
        ([timer(3_600)], False, TICK_S),
        ([timer(0)], False, SOONEST_S),
        ([timer(-5)], False, SOONEST_S),
        ([timer(phase="ringing")], False, TICK_S),
    ],
)
def test_it_is_looked_again_when_something_is_due_and_each_half_minute_while_anything_waits(
    entries: list[Entry], unwritten: bool, expected: float | None
) -> None:
    assert wait_s(entries, NOW, unwritten=unwritten) == expected


def test_an_alarm_waits_for_a_clock_that_is_not_set_and_is_looked_at_all_the_same() -> None:
    unset = HandClocks(boot_s=1.0, synchronised=False).now()
    alarm = timer(kind="alarm", stamp=None, schedule=Schedule(NOW.shown, next=NOW.shown))
    assert wait_s([alarm], unset, unwritten=False) == TICK_S
    assert [*worded_soon([alarm], unset)] == []


@pytest.mark.parametrize(("left_s", "worded"), [(AHEAD_S, True), (AHEAD_S + 1, False), (-1, True)])
def test_words_are_made_a_minute_before_they_are_needed(left_s: float, worded: bool) -> None:
    assert [at for _, at in worded_soon([timer(left_s)], NOW)] == [NOW.shown + timedelta(seconds=left_s)] * worded


def test_what_rings_is_worded_for_the_time_it_rings_for_and_what_rests_or_acts_has_no_words() -> None:
    at = NOW.shown - timedelta(minutes=3)
    rings = timer(phase="ringing", occurrence=at)
    others = [timer(phase="paused"), timer(kind="action")]
    assert [*worded_soon([rings, *others], NOW)] == [(rings, at)]


@pytest.mark.parametrize(
    ("entry", "soon"),
    [
        (timer(WARNING_S), True),
        (timer(WARNING_S + 0.1), False),
        (timer(-1), True),
        (timer(1, phase="ringing"), False),
        (timer(1, phase="paused"), False),
        (timer(1, kind="action"), False),
    ],
)
def test_what_rings_before_the_next_look_but_one_is_soon(entry: Entry, soon: bool) -> None:
    assert rings_soon([timer(3_600), entry], NOW) is soon
