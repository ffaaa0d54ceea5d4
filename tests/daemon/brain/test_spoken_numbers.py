"""Numbers as they are said, both ways."""

from __future__ import annotations

import pytest

from daemon.brain.spoken_numbers import LARGEST, leading_number, number_words, whole_number


def test_each_number_is_read_as_it_is_said_with_and_without_its_and() -> None:
    for number in range(LARGEST + 1):
        words = number_words(number)
        assert whole_number(words.split()) == number
        assert whole_number(words.replace(" and ", " ").split()) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *((0, "zero"), (13, "thirteen"), (40, "forty"), (99, "ninety nine"), (100, "one hundred")),
        *((105, "one hundred and five"), (999, "nine hundred and ninety nine")),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert number_words(number) == words


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("a hundred minutes", (100, 2)),
        ("a hundred and one", (101, 4)),
        ("twenty five minutes", (25, 2)),
        ("twenty minutes", (20, 1)),
        ("twenty hundred", (20, 1)),
        ("one hundred and lamps", (100, 2)),
        ("five six", (5, 1)),
        ("2026 days", (2026, 1)),
        ("20261 days", None),
        ("a lamp", None),
        ("and five", None),
        ("hundred", None),
        ("٣ lamps", None),
        ("", None),
    ],
)
def test_the_longest_number_that_the_words_begin_with_is_read(said: str, found: tuple[int, int] | None) -> None:
    assert leading_number(said.split()) == found


@pytest.mark.parametrize("said", ["five minutes", "five and", "", "lamp"])
def test_what_is_more_than_a_number_is_none(said: str) -> None:
    assert whole_number(said.split()) is None
