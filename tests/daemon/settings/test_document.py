"""Tables of a document that may hold anything."""

from typing import Any

import pytest

from daemon.settings.document import table_of, tables_of


@pytest.mark.parametrize("document", [{}, {"live": 3}, {"live": []}, {"live": "x"}, {"live": None}])
def test_what_is_no_table_is_an_empty_one(document: dict[str, Any]) -> None:
    assert table_of(document, "live") == {}


def test_a_table_is_as_it_was_read() -> None:
    assert table_of({"live": {"voice": 3}}, "live") == {"voice": 3}


def test_tables_keep_their_numbers_whatever_stands_between_them() -> None:
    document = {"device": [{"name": "a"}, 3, [], {"name": "b"}]}
    assert list(tables_of(document, "device")) == [(0, {"name": "a"}), (3, {"name": "b"})]


@pytest.mark.parametrize("document", [{}, {"device": {"name": "a"}}, {"device": "abc"}, {"device": None}])
def test_what_is_no_array_has_no_tables(document: dict[str, Any]) -> None:
    assert list(tables_of(document, "device")) == []
