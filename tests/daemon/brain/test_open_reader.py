"""Sentences with slots that hold any words: the first template counts, and names are never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.brain.open_reader import OpenGrammar, OpenReader
from daemon.brain.recognition.grammar import Sentence, Template
from daemon.brain.spoken_numbers import whole_number
from daemon.brain.written import LONGEST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence


def words(found: Sequence[str]) -> str:
    return " ".join(found)


def name(found: Sequence[str]) -> str | None:
    return None if found[0] in {"a", "the"} else words(found)


READER = OpenReader(
    OpenGrammar(
        [
            Template("timer", "(set|start) [a] timer for {number} minutes"),
            Template("named", "(set|start) [a] {name} timer for {number} minutes"),
            Template("remind", "remind me to {text}"),
            Template("look", "stare at {text}"),
            Template("cancel", "cancel [the] {name} timer"),
        ],
        {"number": whole_number, "name": name, "text": words},
    )
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Set a timer for five minutes.", Sentence("timer", {"number": 5})),
        ("start timer for 12 minutes", Sentence("timer", {"number": 12})),
        ("Please, could you set a timer for five minutes?", Sentence("timer", {"number": 5})),
        ("set a soft egg timer for five minutes", Sentence("named", {"name": "soft egg", "number": 5})),
        ("cancel the egg timer", Sentence("cancel", {"name": "egg"})),
        ("cancel the the timer", None),
        ("remind me to set a timer for five minutes", Sentence("remind", {"text": "set a timer for five minutes"})),
        ("set a timer for lamp minutes", None),
        ("set a timer for five minutes and a half", None),
        ("set a timer for five", None),
        ("remind me to", None),
        ("", None),
    ],
)
def test_a_sentence_is_read_whole_or_not_at_all(text: str, sentence: Sentence | None) -> None:
    assert READER.read(text) == sentence


@pytest.mark.parametrize("text", ["set a tmier for five minutes", "strat a timer for five minuts"])
def test_fixed_words_may_have_slips_where_somebody_types(text: str) -> None:
    assert READER.read(text) is None
    assert READER.read_mistyped(text) == Sentence("timer", {"number": 5})


@pytest.mark.parametrize(
    "text",
    [
        "canceled the egg timer",  # that is told, not asked
        "cancelling the egg timer",
        "st a timer for five minutes",  # short words are soon another one
        "start a dimer for five minutes",  # another first letter is another word
        "stare a timer for five minutes",  # a word of another sentence is no slip
    ],
)
def test_another_word_is_no_slip(text: str) -> None:
    assert READER.read_mistyped(text) is None


def test_what_is_too_long_for_a_sentence_is_not_read() -> None:
    longest = "remind me to ".ljust(LONGEST_CHARACTERS, "x")
    assert READER.read(longest)
    assert READER.read(f"{longest}x") is None
