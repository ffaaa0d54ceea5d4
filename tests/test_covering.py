from itertools import product

from tests.covering import covering

LETTERS, NUMBERS, SIGNS = "abcde", (1, 2), ("+", "-", "?")


def test_usually_each_value_of_each_column_is_met_in_as_few_rows_as_there_can_be() -> None:
    rows = covering(LETTERS, NUMBERS, SIGNS, thorough=False)
    assert [set(column) for column in zip(*rows, strict=True)] == [set(LETTERS), set(NUMBERS), set(SIGNS)]
    assert len(rows) == len(LETTERS)
    assert set(rows) <= set(product(LETTERS, NUMBERS, SIGNS))


def test_the_pairs_that_matter_are_met_and_none_twice() -> None:
    rows = covering(LETTERS, NUMBERS, always=[("a", 1), ("a", 2)], thorough=False)
    assert len(rows) == len(set(rows)) == len(LETTERS) + 1
    assert ("a", 2) in rows


def test_a_thorough_run_meets_the_whole_product() -> None:
    assert covering(LETTERS, NUMBERS, always=[("a", 2)], thorough=True) == list(product(LETTERS, NUMBERS))
