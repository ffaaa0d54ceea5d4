"""What Pipit says of what rings and what was missed, in any language that it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.abilities.timers.spoken import missed_words, ringing_words
from daemon.sentences.book import Book
from daemon.sentences.shelf import written_languages
from tests.daemon.abilities.timers.moments import NOON, alarm, timer

BOOK = Book.of("en")
TEN = replace(timer(), length_s=600.0)
BINS = replace(timer(), kind="reminder", text="the bins")
FAN = replace(timer(), kind="action", device="fan", wanted="on")


def test_what_is_said_while_it_rings() -> None:
    assert ringing_words(timer(1, "tea"), NOON, BOOK) == "The timer is done: tea."
    assert ringing_words(TEN, NOON, BOOK) == "The timer is done: 10 minutes."
    assert ringing_words(alarm(NOON, name="up"), NOON, BOOK) == "It is noon: up."
    assert ringing_words(alarm(NOON), NOON, BOOK) == "It is noon. This is your alarm."
    assert ringing_words(BINS, NOON, BOOK) == "A reminder: the bins"


def test_what_is_said_of_what_was_missed_today() -> None:
    assert missed_words(timer(1, "tea"), NOON, NOON, BOOK) == "The timer tea ended at noon."
    assert missed_words(TEN, NOON, NOON, BOOK) == "A timer ended at noon: 10 minutes."
    assert missed_words(alarm(NOON, name="up"), NOON, NOON, BOOK) == "The alarm up was set for noon."
    assert missed_words(alarm(NOON), NOON, NOON, BOOK) == "An alarm was set for noon."
    assert missed_words(BINS, NOON, NOON, BOOK) == "At noon I should have reminded you: the bins"
    assert missed_words(FAN, NOON, NOON, BOOK) == "At noon something was planned with fan. I have not done it."


def test_of_another_day_the_day_is_said() -> None:
    told = missed_words(alarm(NOON), NOON, NOON + timedelta(days=1), BOOK)
    assert told == "An alarm was set for noon, Tuesday, December 1st."


@pytest.mark.parametrize("tag", written_languages())
def test_each_language_names_what_it_is_of(tag: str) -> None:
    book = Book.of(tag)
    assert "tea" in ringing_words(timer(1, "tea"), NOON, book)
    assert "fan" in missed_words(FAN, NOON, NOON, book)
