"""Durations as they are said, and their seconds."""

import pytest

from daemon.brain.spoken_durations import duration_phrases, length_phrases, seconds_of, spelt
from daemon.brain.written import normalised


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("ten minutes", 600), ("ninety seconds", 90), ("an hour", 3600), ("a second", 1), ("two days", 172_800)),
        *(("half an hour", 1800), ("half a minute", 30), ("a quarter of an hour", 900), ("half hour", 1800)),
        *(("three quarters of an hour", 2700), ("an hour and a half", 5400), ("one and a half hours", 5400)),
        *(("two hours and a half", 9000), ("an hour and a quarter", 4500), ("two and a quarter hours", 8100)),
        *(("an hour and twenty minutes", 4800), ("two hours and twenty-five minutes", 8700)),
        *(("an hour thirty", 5400), ("one minute and thirty seconds", 90), ("one hundred and five minutes", 6300)),
        *(("a hundred seconds", 100), ("nine hundred and ninety nine minutes", 59_940), ("0 seconds", 0)),
        *(("2h", 7200), ("90 s", 90), ("90s", 90), ("2h30", 9000), ("1h30m", 5400), ("1.5 hours", 5400)),
        *(("1,5 h", 5400), ("101 minutes", 6060)),
    ],
)
def test_a_duration_is_its_seconds(said: str, seconds: int) -> None:
    assert seconds_of(normalised(said).split()) == seconds


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ten",
        "minutes",
        "an hour and",
        "ten minutes and an hour",
        "blue minutes",
        "1.3 seconds",
        "ten minutes pasta",
    ],
)
def test_what_is_no_duration(said: str) -> None:
    assert seconds_of(normalised(said).split()) is None


def test_what_the_recogniser_listens_for_is_read_the_same_when_it_is_typed() -> None:
    for phrase, seconds in duration_phrases().items():
        assert seconds_of(normalised(phrase).split()) == seconds
    assert length_phrases()["ten minute"] == duration_phrases()["10 minutes"] == 600
    assert spelt(25) == ("25", "twenty five", "twenty-five")
