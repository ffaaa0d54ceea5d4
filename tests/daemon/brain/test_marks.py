"""Words and their marks: what is written stays as it was, what is compared has no accents."""

import re

from daemon.brain.marks import Mark, folded, marks_of, replaced


def test_words_keep_their_writing_and_lose_it_for_comparing() -> None:
    marks = list(marks_of("Öffne 20% ab 7:30, Élise?", joins_apostrophes=False))
    assert [mark.words for mark in marks] == ["Öffne", "20", "%", "ab", "7:30", ",", "Élise", "?"]
    assert [mark.plain for mark in marks][-2:] == ["elise", "?"]
    assert [mark.kind for mark in marks if mark.kind] == ["comma", "?"]


def test_an_apostrophe_parts_words_or_belongs_to_one() -> None:
    assert [mark.plain for mark in marks_of("l’heure", joins_apostrophes=False)] == ["l", "heure"]
    assert [(mark.plain, mark.words) for mark in marks_of("don't", joins_apostrophes=True)] == [("dont", "don't")]


def test_the_portuguese_is_differs_from_its_and() -> None:
    assert [mark.plain for mark in marks_of("é e", joins_apostrophes=False)] == ["eh", "e"]


def test_folding_leaves_accents_out_however_they_are_written() -> None:
    assert folded("ÀÉß") == "aeß"
    assert folded("A\u0300E\u0301ｌ") == "ael"
    assert folded("İ") == "i"


def test_a_mark_stands_for_whole_words_of_no_kind_yet() -> None:
    row = list(marks_of("one two twofold two", joins_apostrophes=True))
    found = replaced(row, re.compile("two"), lambda _: Mark("pair", 2))
    assert [mark.kind for mark in found] == ["", "pair", "", "pair"]
    assert replaced(found, re.compile("two"), lambda _: Mark("again")) == found
