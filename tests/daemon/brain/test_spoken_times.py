"""Times of day as they are said."""

import pytest

from daemon.brain.spoken_times import day_of, repeat_of, time_of, time_phrases
from daemon.brain.written import normalised


@pytest.mark.parametrize(
    ("said", "time"),
    [
        *(("seven", "07:00?"), ("half past six", "06:30?"), ("quarter to nine", "08:45?"), ("noon", "12:00")),
        *(("midnight", "00:00"), ("7:30", "07:30?"), ("07:30", "07:30"), ("19:30", "19:30"), ("7 pm", "19:00")),
        *(("7pm", "19:00"), ("7:30 a.m.", "07:30"), ("seven thirty p m", "19:30"), ("seven o'clock", "07:00?")),
        *(("twenty to one", "12:40?"), ("ten minutes past four", "04:10?"), ("seven in the evening", "19:00")),
        *(("9 at night", "21:00"), ("12 at night", "00:00"), ("seven oh five", "07:05?"), ("thirteen", "13:00")),
        *(("12 am", "00:00"), ("12 pm", "12:00"), ("0:30", "00:30")),
    ],
)
def test_a_time_is_what_it_says(said: str, time: str) -> None:
    assert time_of(normalised(said).split()) == time


@pytest.mark.parametrize("said", ["", "25", "7:5", "7:60", "twenty five", "13 pm", "half past thirteen", "soon"])
def test_what_is_no_time(said: str) -> None:
    assert time_of(normalised(said).split()) is None


def test_what_the_recogniser_listens_for_is_read_the_same_when_it_is_typed() -> None:
    for phrase, time in time_phrases().items():
        assert time_of(normalised(phrase).split()) == time


def test_days_and_what_repeats() -> None:
    assert day_of(["on", "saturday"]) == "SA"
    assert day_of(["tomorrow"]) == "tomorrow"
    assert day_of(["tomorrow", "morning"]) == "tomorrow am"
    assert day_of(["on", "saturday", "evening"]) == "SA pm"
    assert day_of(["tonight", "evening"]) is None
    assert repeat_of(["on", "weekdays"]) == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert repeat_of(["every", "monday"]) == repeat_of(["on", "mondays"]) == "FREQ=WEEKLY;BYDAY=MO"
    assert repeat_of(["every", "day"]) == "FREQ=DAILY"
    assert repeat_of(["on", "monday"]) is None
