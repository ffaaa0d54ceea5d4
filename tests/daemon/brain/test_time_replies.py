"""What is said of timers, alarms and plans is what the tools answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from daemon.brain import time_replies as say

if TYPE_CHECKING:
    from daemon.brain.replies import Answer

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
REFUSED: Answer = {"error": "there are 100 already"}
SAID = "I can't: there are 100 already."


def due(**later: float) -> str:
    return (NOW + timedelta(**later)).isoformat()


def now_due(**later: float) -> Answer:
    """What `change_timer` answers of one."""
    return {"ok": True, "changed": [{"due": due(**later), "left_s": timedelta(**later).total_seconds()}]}


NINE: Answer = now_due(minutes=9)["changed"][0]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (-5, "0 seconds"),
        (1, "1 second"),
        (4_800, "1 hour and 20 minutes"),
        (90_061, "1 day and 1 hour"),
    ],
)
def test_a_span_is_its_two_largest_units(seconds: float, words: str) -> None:
    assert say.span(seconds) == words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"due": due(hours=1)}, "at 21:00"),
        ({"due": due(hours=11)}, "tomorrow at 07:00"),
        ({"due": due(days=-1)}, "yesterday at 20:00"),
        ({"due": due(days=7)}, "on Monday, December 7, at 20:00"),
        ({"due": "soon"}, ""),
        ({}, ""),
    ],
)
def test_a_moment_is_told_with_its_day_unless_that_is_today(answer: Answer, words: str) -> None:
    assert say.moment_of(answer, NOW) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "on weekdays"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "at weekends"),
        ("FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3", "every Monday and Friday"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=MONTHLY", "again and again"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_rule_is_told_in_words(rule: Any, words: str) -> None:
    assert say.repeated(rule) == words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"left_s": 30, "due": due(seconds=30)}, "The timer rings in 30 seconds."),
        ({"left_s": 600, "name": "pasta", "due": due(minutes=10)}, "The pasta timer rings in 10 minutes, at 20:10."),
        ({"left_s": 600, "name": "egg timer"}, "The egg timer rings in 10 minutes."),
        (REFUSED, SAID),
    ],
)
def test_a_timer_is_told_by_what_is_left_and_by_the_clock_where_that_says_more(answer: Answer, said: str) -> None:
    assert say.timer_set(answer, NOW) == said


def test_what_a_tool_warns_of_is_said_last() -> None:
    answer = {**NINE, "warning": "a restart would lose it"}
    said = [
        say.timer_set(answer, NOW),
        say.alarm_set(answer, "", NOW),
        say.reminder_set("bins", answer, "", NOW),
        say.planned("lamp", "on", answer, "", NOW),
    ]
    assert [sentence.endswith(". But a restart would lose it.") for sentence in said] == [True] * 4


def test_an_alarm_a_reminder_and_a_plan_say_when_and_how_often() -> None:
    at = {"due": due(hours=11)}
    assert say.alarm_set(at, "FREQ=DAILY", NOW) == "The alarm is set: it rings tomorrow at 07:00, and then every day."
    assert say.reminder_set("water them", at, "", NOW) == "I will remind you tomorrow at 07:00: water them."
    assert say.planned("lamp", "off", at, "", NOW) == "The lamp turns off tomorrow at 07:00."
    assert say.planned("lamp", "toggle", at, "", NOW) == "The lamp changes tomorrow at 07:00."


def test_a_refusal_is_told_whatever_was_asked_for() -> None:
    assert say.alarm_set(REFUSED, "", NOW) == SAID
    assert say.reminder_set("x", REFUSED, "", NOW) == SAID
    assert say.planned("lamp", "on", REFUSED, "", NOW) == SAID
    assert say.changed({}, "cancel", REFUSED, NOW) == SAID
    assert say.all_changed("timer", "cancel", [{"ok": True}, REFUSED]) == SAID


@pytest.mark.parametrize(
    ("change", "answer", "said"),
    [
        ("cancel", {"ok": True}, "The pasta timer is cancelled."),
        ("resume", {"ok": True}, "The pasta timer is running again."),
        ("skip_next", now_due(days=1), "The pasta timer is left out once; the next is tomorrow at 20:00."),
        ("skip_next", {"ok": True}, "The pasta timer is left out once."),
        ("snooze", now_due(minutes=9), "The pasta timer rings in 9 minutes, at 20:09."),
        (
            "extend",
            {"changed": [{"state": "paused", "left_s": 90}]},
            "The pasta timer is paused with 1 minute and 30 seconds left.",
        ),
        ("stop", now_due(hours=11), "The pasta timer is stopped; the next is tomorrow at 07:00."),
        ("stop", {"changed": [{"state": "ringing"}]}, "The pasta timer is stopped."),
        ("snooze", {"ok": True, "name": ""}, "The pasta timer rings later."),
    ],
)
def test_a_change_is_told_with_what_was_known_before(change: str, answer: Answer, said: str) -> None:
    before = {"kind": "timer", "name": "pasta", "due": due(minutes=1), "left_s": 60}
    assert say.changed(before, change, answer, NOW) == said


def test_of_several_that_were_changed_each_is_told() -> None:
    tea, egg = {"name": "tea", "kind": "timer"}, {"name": "egg", "kind": "timer"}
    assert say.changed({"kind": "alarm"}, "snooze", {"changed": [{**tea, **NINE}, {**egg, **NINE}]}, NOW) == (
        "The tea timer rings in 9 minutes, at 20:09. The egg timer rings in 9 minutes, at 20:09."
    )


@pytest.mark.parametrize(
    ("listed", "kind", "said"),
    [
        ([], "timer", "There are no timers."),
        ([], "", "Nothing is set."),
        ([{"kind": "timer", "left_s": 90}], "timer", "There is 1 timer: the timer with 1 minute and 30 seconds left."),
        (
            [
                {"kind": "alarm", "due": due(hours=11), "repeat": "FREQ=DAILY"},
                {"kind": "timer", "state": "paused", "left_s": 60},
            ],
            "",
            "There are 2 set: the alarm tomorrow at 07:00 every day and the timer is paused with 1 minute left.",
        ),
        ([{"kind": "reminder", "text": "go"}], "reminder", "There is 1 reminder: the reminder to go."),
        ([{"kind": "action", "due": due(hours=1)}], "", "There is 1 set: the plan at 21:00."),
    ],
)
def test_what_is_set_is_listed_by_what_tells_it_apart(listed: list[Answer], kind: str, said: str) -> None:
    assert say.inventory_of(listed, kind, NOW) == said


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"state": "ringing"}, "The timer is ringing."),
        ({"left_s": 599}, "The timer rings in 9 minutes and 59 seconds."),
        ({"left_s": 629}, "The timer rings in 10 minutes."),
        ({"due": due(hours=1), "kind": "alarm"}, "The alarm rings at 21:00."),
    ],
)
def test_what_is_left_is_told_in_seconds_where_they_matter(one: Answer, said: str) -> None:
    assert say.left([one], NOW) == said
