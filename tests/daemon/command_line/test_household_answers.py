"""What the appliance answered, for people."""

from daemon.command_line.household_answers import (
    aligned,
    of_change,
    of_mute,
    of_status,
    of_timer,
    of_timers,
    of_volumes,
)


def test_the_status_has_a_line_for_each_thing() -> None:
    told = {"ok": True, "state": "idle", "muted": False, "next_timer_s": 90, "volume": {"voice": 60, "alarm": 80}}
    assert of_status(told) == [
        "state       idle",
        "muted       no",
        "next timer  in 1 min 30 s",
        "volume      voice 60 %, alarm 80 %",
    ]


def test_what_there_is_none_of_and_what_is_new_harm_nothing() -> None:
    assert of_status({"ok": True, "next_timer_s": None, "mood": "good\x1b[31m"}) == ["mood  good\\x1b[31m"]


def test_the_microphone_is_closed_or_open() -> None:
    assert [of_mute({"muted": muted}) for muted in (True, False)] == [
        ["the microphone is closed"],
        ["the microphone is open"],
    ]


def test_volumes_stand_below_each_other_with_their_largest() -> None:
    answers = [{"of": "voice", "percent": 5, "largest": 100}, {"of": "alarm", "percent": 70, "largest": 70}]
    assert of_volumes(answers) == ["voice  5 %", "alarm  70 %  at most 70 %"]
    assert of_volumes([{"of": "voice", "percent": 5, "note": "no more"}]) == ["voice  5 %  no more"]


def test_a_timer_that_was_set_is_told_whole() -> None:
    told = {"kind": "alarm", "number": 3, "name": "up\n", "due_in_words": "Tuesday 1 December, 07:00", "left_s": 3_600}
    assert of_timer(told) == ["alarm 3 (up\\n): Tuesday 1 December, 07:00, in 1 h"]
    assert of_timer({**told, "warning": "it is lost"})[1:] == ["but it is lost"]
    assert of_timer({**told, "name": ""}) == ["alarm 3: Tuesday 1 December, 07:00, in 1 h"]


def test_timers_stand_in_columns() -> None:
    lamp = {"number": 12, "kind": "action", "device": "lamp", "state_wanted": "on", "state": "running", "left_s": 5}
    told = [
        {
            "number": 3,
            "kind": "timer",
            "name": "pasta",
            "due": "2026-11-30T12:10:00Z",
            "left_s": 600,
            "state": "running",
        },
        {**lamp, "due": "2026-12-01T07:00:00Z", "repeat": "FREQ=DAILY"},
        {"number": 4, "kind": "timer", "name": "", "due": None, "left_s": None, "state": "paused", "repeat": ""},
    ]
    assert of_timers({"timers": told}) == [
        "3   timer   pasta    2026-11-30 12:10  in 10 min  running",
        "12  action  lamp on  2026-12-01 07:00  in 5 s     running  FREQ=DAILY",
        "4   timer                                         paused",
    ]
    assert of_timers({"timers": []}) == ["there is none"]


def test_a_change_tells_what_the_tool_tells() -> None:
    assert of_change({"ok": True, "due_in_words": "Tuesday, 07:00", "left_s": 5, "timers": [{}]}) == [
        "due in words  Tuesday, 07:00",
        "left s        5",
    ]
    assert of_change({"ok": True}) == ["done"]


def test_a_change_shows_how_each_that_it_meant_stands_now() -> None:
    tea = {"number": 3, "kind": "timer", "name": "tea", "left_s": 600, "due": "2026-11-30T12:10:00Z"}
    egg = {"number": 4, "kind": "timer", "name": "egg", "left_s": 60, "state": "paused"}
    assert of_change({"ok": True, "change": "extend", "changed": [{**tea, "state": "running"}, egg]}) == [
        "3  timer  tea  2026-11-30 12:10  in 10 min  running",
        "4  timer  egg                    in 1 min   paused",
    ]
    assert of_change({"ok": True, "change": "cancel", "changed": [{**tea, "state": "running"}, egg]}) == [
        "cancelled  3  timer  tea",
        "cancelled  4  timer  egg",
    ]


def test_columns_that_are_empty_take_no_room() -> None:
    assert aligned([["a", "", "b"], ["aa", "", ""]]) == ["a   b", "aa"]
