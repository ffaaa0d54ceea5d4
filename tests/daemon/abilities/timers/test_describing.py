"""Entries as the model hears of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from daemon.abilities.timers.describing import described, due, in_words, local_time
from tests.daemon.abilities.timers.moments import NOON, alarm, at, timer

if TYPE_CHECKING:
    from daemon.abilities.timers.entry import Phase


def test_a_timer_is_told_by_name_time_and_what_is_left() -> None:
    assert described(timer(3, "tea"), at()) == {
        "number": 3,
        "kind": "timer",
        "name": "tea",
        "state": "running",
        "due": "2026-12-01T12:01:00+00:00",
        "due_in_words": "Tuesday 1 December, 12:01",
        "left_s": 60,
    }


def test_an_alarm_that_repeats_says_how() -> None:
    assert described(alarm(NOON + timedelta(days=1), "FREQ=DAILY"), at())["repeat"] == "FREQ=DAILY"


def test_what_is_paused_has_something_left_and_no_time() -> None:
    told = described(replace(timer(), phase="paused", stamp=None, left_s=12.4), at())
    assert (told["state"], told["left_s"]) == ("paused", 12)
    assert "due" not in told


@pytest.mark.parametrize(("phase", "state"), [("ringing", "ringing"), ("acting", "running")])
def test_what_is_on_has_no_time(phase: Phase, state: str) -> None:
    told = described(replace(timer(), phase=phase), at())
    assert told["state"] == state
    assert "due" not in told


def test_what_waits_for_a_clock_has_no_time() -> None:
    assert due(alarm(NOON), at(NOON - timedelta(hours=1), boot_s=5.0, trusted=False)) == {}


def test_reminders_tell_their_text_and_actions_their_device() -> None:
    assert described(replace(timer(), kind="reminder", text="the bins"), at())["text"] == "the bins"
    planned = described(replace(timer(), kind="action", device="fan", wanted="off"), at())
    assert (planned["device"], planned["state_wanted"]) == ("fan", "off")


def test_times_are_those_of_the_household() -> None:
    now = replace(at(), zone=ZoneInfo("Asia/Kolkata"))
    assert local_time(now.wall_s, now) == "2026-12-01T17:30:00+05:30"


def test_days_are_named_in_english_whatever_the_machine_speaks() -> None:
    assert in_words(NOON.replace(month=3, day=7, hour=7)) == "Saturday 7 March, 07:00"
