"""What of a service's message is believed."""

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.live.checked import (
    DEEPEST,
    HIGHEST_RATE_HZ,
    LARGEST_COUNT,
    LARGEST_NUMBER,
    LOGGED,
    LONGEST_TEXT,
    LONGEST_WAIT_S,
    LOWEST_RATE_HZ,
    MOST_VALUES,
    Checker,
    fault_of,
    is_pcm,
    rate_hz,
    seconds,
    text_of,
)

HALF = "\ud800"
"""Half of a character: JSON can hold it, no file and no terminal can."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grüße, 世界 🎈\n", "Grüße, 世界 🎈\n"),
        (f"a{HALF}b\0c", "abc"),
        (None, ""),
        ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT),
    ],
    ids=["anything", "unwritable", "nothing", "too long"],
)
def test_text(text: str | None, expected: str) -> None:
    assert text_of(text) == expected


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_written_down(text: str) -> None:
    assert text_of(text).encode().decode() == text_of(text)


@pytest.mark.parametrize(
    ("name", "expected"), [("fc-1", "fc-1"), (None, ""), ("", ""), (HALF, None), ("a\0", None), ("12345", None)]
)
def test_names_are_taken_as_they_are_or_not_at_all(name: str | None, expected: str | None) -> None:
    checker = Checker(logging.getLogger("test"))
    assert checker.name(name, 4, "a name") == expected
    assert checker.skipped["a name"] == (expected is None)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, 0), (None, 0), (7, 7), (LARGEST_COUNT, LARGEST_COUNT), (LARGEST_COUNT + 1, 0), (-1, 0), (10**300, 0)],
)
def test_counts(number: int | None, expected: int) -> None:
    assert Checker(logging.getLogger("test")).count(number) == expected


def test_the_first_of_each_kind_are_logged_and_all_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    checker = Checker(logging.getLogger("test"))
    for _ in range(LOGGED + 10):
        checker.note("sound")
    checker.note("text")
    assert checker.skipped == {"sound": LOGGED + 10, "text": 1}
    assert caplog.messages == ["skipped sound of the service that cannot be read"] * LOGGED + [
        "skipped text of the service that cannot be read"
    ]


@pytest.mark.parametrize(
    ("mime_type", "expected"),
    [
        ("audio/pcm", True),
        ("audio/pcm;rate=24000", True),
        (" Audio/PCM ; Rate=24000", True),
        ("audio/L16;codec=pcm;rate=24000", True),
        ("audio/pcm;rate=24000;channels=1", True),
        ("audio/pcm;channels=2", False),
        ("audio/mpeg", False),
        ("audio/wav", False),
        ("audio/", False),
        ("image/png", False),
        ("", False),
        (None, False),
    ],
)
def test_what_can_be_played(mime_type: str | None, *, expected: bool) -> None:
    assert is_pcm(mime_type) is expected


@pytest.mark.parametrize(
    ("mime_type", "expected"),
    [
        ("audio/pcm", 24_000),
        ("audio/pcm;rate=16000", 16_000),
        ('AUDIO/PCM; RATE="16000" ', 16_000),
        ("audio/pcm;rate=16000.0", 16_000),
        ("audio/pcm;rate=x", 24_000),
        ("audio/pcm;rate=", 24_000),
        ("audio/pcm;bitrate=8;rate=0016000", 16_000),
        (f"audio/pcm;rate={LOWEST_RATE_HZ}", LOWEST_RATE_HZ),
        (f"audio/pcm;rate={HIGHEST_RATE_HZ}", HIGHEST_RATE_HZ),
        (f"audio/pcm;rate={LOWEST_RATE_HZ - 1}", None),
        (f"audio/pcm;rate={HIGHEST_RATE_HZ + 1}", None),
        ("audio/pcm;rate=0", None),
        ("audio/pcm;rate=1", None),
        ("audio/pcm;rate=" + "9" * 300, None),
        ("audio/pcm;rate=" + "9" * 100_000, None),
    ],
)
def test_rates(mime_type: str, expected: int | None) -> None:
    assert rate_hz(mime_type) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50s", 50.0),
        ("9.500s", 9.5),
        ("0s", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("1.2.3s", 0.0),
        ("-5s", 0.0),
        ("nans", 0.0),
        ("٥s", 0.0),
        ("999999999s", LONGEST_WAIT_S),
        ("9" * 400 + "s", 0.0),
    ],
)
def test_durations(text: str, expected: float) -> None:
    assert seconds(text) == expected


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize(
    "arguments",
    [{}, {"device": "lamp", "on": True, "level": 12.5, "no": None}, {"a": nested(DEEPEST - 1)}, {"n": LARGEST_NUMBER}],
)
def test_arguments_that_are_taken(arguments: Any) -> None:
    assert fault_of(arguments) == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"a": nested(DEEPEST)}, "larger"),
        ({"a": nested(900)}, "larger"),
        ({"a": [0] * MOST_VALUES}, "larger"),
        ({"a": HALF}, "a text"),
        ({HALF: 1}, "a text"),
        ({"a": ["\0"]}, "a text"),
        ({"a": "x" * (LONGEST_TEXT + 1)}, "a text"),
        ({"a": float("nan")}, "is none"),
        ({"a": float("-inf")}, "is none"),
        ({"a": LARGEST_NUMBER + 1}, "too large"),
        ({"a": -(10**300)}, "too large"),
    ],
)
def test_arguments_that_are_not(arguments: Any, words: str) -> None:
    assert words in fault_of(arguments)
