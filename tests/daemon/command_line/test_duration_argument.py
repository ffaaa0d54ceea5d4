"""Durations as people write them."""

from argparse import ArgumentTypeError

import pytest

from daemon.command_line.duration_argument import duration, shown_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("10m", 600),
        ("1h30m", 5_400),
        ("1h30", 3_630),
        ("2d", 172_800),
        ("1d1h1m1s", 90_061),
        (" 5M ", 300),
        ("120m", 7_200),
    ],
)
def test_what_is_a_duration(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", " ", "0", "0s", "-5", "1.5h", "5 m", "m", "h5", "5m1h", "1e3", "٣", "9" * 5_000, "inf", "5x"]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="such as 90, 90s, 10m"):
        duration(text)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (90, "1 min 30 s"),
        (3_600, "1 h"),
        (5_405, "1 h 30 min 5 s"),
        (86_400 + 3_600 + 61, "1 d 1 h"),
    ],
)
def test_what_is_shown(seconds: float, shown: str) -> None:
    assert shown_duration(seconds) == shown
