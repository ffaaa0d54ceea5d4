"""Names in a sentence: the longest, in full or without small words, their numbers in words or not."""

from daemon.brain.lexicon import lexicon
from daemon.brain.marking import marked
from daemon.brain.naming import names_for


def named(text: str, *names: str, language: str = "en") -> list[object]:
    return [mark.value for mark in marked(text, names, lexicon(language)) if mark.kind == "name"]


def test_the_longest_name_counts() -> None:
    assert named("the lamp and the reading lamp", "lamp", "reading lamp") == ["lamp", "reading lamp"]


def test_small_words_may_come_in_or_be_left_out() -> None:
    assert named("la luz de cocina", "luz de la cocina", language="es") == ["luz de la cocina"]
    assert named("all the lights", "all lights") == ["all lights"]


def test_a_compound_may_be_written_apart() -> None:
    assert named("die Kaffee-Maschine", "Kaffeemaschine", language="de") == ["Kaffeemaschine"]
    assert named("das Küchen Licht", "Küchenlicht", "Küche", language="de") == ["Küchenlicht"]


def test_numbers_are_said_both_ways() -> None:
    assert named("switch on TV two", "TV_2") == ["TV_2"]


def test_names_that_differ_by_a_small_word_alone_are_told_apart() -> None:
    assert "tv" not in names_for(("TV A", "TV O"), "en").short
    assert named("TV A", "TV A", "TV O") == ["TV A"]


def test_a_slip_of_the_finger_is_forgiven() -> None:
    assert named("ventilatr on", "ventilator") == ["ventilator"]
    assert named("lamb on", "lamp") == []


def test_so_is_one_in_a_name_of_several_words_that_ends_like_another() -> None:
    assert named("is the redding lamp on", "lamp", "reading lamp") == ["reading lamp"]
    assert named("is the heated lamp on", "lamp", "reading lamp") == ["lamp"]
    assert named("the reading lamp and the lamp", "lamp", "reading lamp") == ["reading lamp", "lamp"]
