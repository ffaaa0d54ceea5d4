"""A text for each number."""

import pytest

from daemon.sentences.forms import form_of, plural_category

POLISH = {"one": "godzina", "few": "godziny", "many": "godzin", "other": "godziny", "2": "dwie"}


@pytest.mark.parametrize(
    ("number", "form"), [(1, "godzina"), (2, "dwie"), (4, "godziny"), (5, "godzin"), (12, "godzin"), (22, "godziny")]
)
def test_a_number_of_its_own_wins_and_the_language_decides_the_rest(number: int, form: str) -> None:
    assert form_of(POLISH, number, "pl") == form


def test_a_category_that_is_not_written_is_other() -> None:
    assert plural_category(1_000_000, "pt-BR") == "many"
    assert form_of({"one": "a", "other": "b"}, 1_000_000, "pt-BR") == "b"
