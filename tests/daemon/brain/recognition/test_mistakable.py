"""Numbers that sound alike."""

from collections import Counter

from daemon.brain.recognition.mistakable import has_counterpart, numbers_in, with_counterparts


def test_each_number_that_sounds_like_another_is_replaced_in_words_and_digits() -> None:
    assert [one.text for one in with_counterparts("In fifteen minutes.")] == ["In fifty minutes.", "In 50 minutes."]
    assert [one.text for one in with_counterparts("Lamp to 80%, fan in 13 s")] == [
        *("Lamp to eighteen%, fan in 13 s", "Lamp to 18%, fan in 13 s"),
        *("Lamp to 80%, fan in thirty s", "Lamp to 80%, fan in 30 s"),
    ]


def test_a_teen_is_doubted_sooner_than_a_ty_and_nineteen_always() -> None:
    within = {text: next(with_counterparts(text)).within for text in ("30", "thirteen", "fifty", "19")}
    assert within["30"] == within["fifty"] < within["thirteen"] < within["19"]


def test_another_number_that_sounds_alike_is_told_from_another_way_to_write_it() -> None:
    assert has_counterpart("A timer for 17 seconds", "A timer for seventy seconds")
    assert not has_counterpart("A timer for 17 seconds", "A timer for seventeen seconds")
    assert not has_counterpart("A timer for 17 seconds", "A timer for eight seconds")


def test_others_are_left_alone() -> None:
    assert not list(with_counterparts("In twenty-five minutes, at 8:45, for ten times, 150"))


def test_numbers_are_the_same_in_words_and_digits() -> None:
    assert numbers_in("At eight thirty, for twenty-five") == numbers_in("at 8:30 for 25") == Counter((8, 30, 25))
