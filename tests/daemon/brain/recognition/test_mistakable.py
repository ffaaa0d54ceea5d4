"""Numbers that sound alike."""

from collections import Counter

from daemon.brain.recognition.mistakable import numbers_in, with_counterparts


def test_each_number_that_sounds_like_another_is_replaced_in_words_and_digits() -> None:
    assert list(with_counterparts("In fifteen minutes.")) == ["In fifty minutes.", "In 50 minutes."]
    assert list(with_counterparts("Lamp to 80%, fan in 13 s")) == [
        *("Lamp to eighteen%, fan in 13 s", "Lamp to 18%, fan in 13 s"),
        *("Lamp to 80%, fan in thirty s", "Lamp to 80%, fan in 30 s"),
    ]


def test_others_are_left_alone() -> None:
    assert not list(with_counterparts("In twenty-five minutes, at 8:45, for ten times, 150"))


def test_numbers_are_the_same_in_words_and_digits() -> None:
    assert numbers_in("At eight thirty, for twenty-five") == numbers_in("at 8:30 for 25") == Counter((8, 30, 25))
