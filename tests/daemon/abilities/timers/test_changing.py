"""Which entries are meant by a word, and what becomes of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.abilities.timers.changing import changed, is_snoozable, meant, restored
from daemon.abilities.timers.refused import Refused
from tests.daemon.abilities.timers.moments import NOON, alarm, at, timer

TEA, EGGS = timer(1, "tea"), timer(2, "Eggs")
BOTH = {1: TEA, 2: EGGS}
SNOOZE_S = 300.0


@pytest.mark.parametrize(
    ("which", "numbers"),
    [("2", [2]), ("eggs", [2]), ("TEA", [1]), ("all", [1, 2]), ("last", [2])],
)
def test_it_is_meant_by_number_name_all_or_last(which: str, numbers: list[int]) -> None:
    assert [entry.number for entry in meant(which, BOTH, {})] == numbers


def test_a_kind_means_the_only_one_of_it() -> None:
    assert meant("alarm", {**BOTH, 7: alarm(NOON)}, {}) == [alarm(NOON)]


def test_last_is_what_rings_before_what_rang_before_what_was_set() -> None:
    rings = replace(TEA, phase="ringing")
    assert meant("last", {1: rings, 2: EGGS}, {2: EGGS}) == [rings]
    assert meant("last", BOTH, {1: TEA}) == [TEA]
    assert meant("last", {}, {1: TEA}) == [TEA], "over, but it can be snoozed"


def test_of_two_of_one_name_neither_is_meant() -> None:
    with pytest.raises(Refused, match="numbers 1 and 2") as refused:
        meant("tea", {1: TEA, 2: timer(2, "tea")}, {})
    assert "ask which" in refused.value.fix


@pytest.mark.parametrize("which", ["9", "soup", "1" * 30])
def test_what_there_is_not_is_not_meant(which: str) -> None:
    with pytest.raises(Refused, match="there is none"):
        meant(which, BOTH, {})


def test_what_is_paused_keeps_what_is_left_and_goes_on_with_it() -> None:
    paused = changed(TEA, "pause", 0, at(NOON + timedelta(seconds=20), boot_s=10_020.0), SNOOZE_S)
    assert paused
    assert (paused.phase, paused.left_s, paused.stamp) == ("paused", 40.0, None)
    much_later = at(NOON + timedelta(hours=3), boot_s=20_800.0)
    resumed = changed(paused, "resume", 0, much_later, SNOOZE_S)
    assert resumed
    assert resumed.due_in_s(much_later) == 40.0


def test_what_is_extended_is_due_later_and_lasts_longer() -> None:
    extended = changed(TEA, "extend", 30, at(), SNOOZE_S)
    assert extended
    assert (extended.due_in_s(at()), extended.length_s) == (90.0, 90.0)


def test_what_rings_is_extended_from_now_on() -> None:
    rings = replace(TEA, phase="ringing", stamp=at().stamp(-500.0))
    extended = changed(rings, "extend", 30, at(), SNOOZE_S)
    assert extended
    assert (extended.phase, extended.due_in_s(at())) == ("running", 30.0)


def test_it_is_snoozed_for_as_long_as_somebody_says_or_the_settings() -> None:
    for seconds, due_s in ((0, SNOOZE_S), (60, 60.0)):
        snoozed = changed(replace(TEA, phase="ringing"), "snooze", seconds, at(), SNOOZE_S)
        assert snoozed
        assert (snoozed.phase, snoozed.due_in_s(at())) == ("snoozed", due_s)
    assert is_snoozable(replace(TEA, phase="ringing"), {})
    assert is_snoozable(TEA, {1: TEA})
    assert not is_snoozable(TEA, {})


def test_what_a_change_cannot_be_made_of() -> None:
    with pytest.raises(Refused, match="not paused"):
        changed(TEA, "resume", 0, at(), SNOOZE_S)
    with pytest.raises(Refused, match="cannot be paused"):
        changed(alarm(NOON), "pause", 0, at(), SNOOZE_S)
    with pytest.raises(Refused, match="has a time of day"):
        changed(alarm(NOON), "extend", 30, at(), SNOOZE_S)
    with pytest.raises(Refused, match="more than a year"):
        changed(TEA, "extend", 366 * 86_400, at(), SNOOZE_S)
    with pytest.raises(Refused, match="does not ring"):
        changed(replace(TEA, kind="action"), "snooze", 0, at(), SNOOZE_S)


def test_a_change_is_taken_back_of_what_is_still_as_it_left_it() -> None:
    longer = replace(TEA, length_s=90.0)
    assert restored(BOTH, {1: longer, 2: None}, {1: longer}) == {1: TEA, 2: EGGS}
    assert restored(BOTH, {1: longer}, {1: replace(longer, phase="paused")}) == {}, "somebody has changed it since"


def test_what_rang_does_not_ring_again_by_being_taken_back() -> None:
    rang = replace(TEA, phase="ringing")
    assert restored({1: rang}, {1: None}, {}) == {1: None}
