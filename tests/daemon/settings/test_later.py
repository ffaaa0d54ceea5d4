"""Tables that are read by what is imported for them alone: as others are, with the same errors."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import BaseModel, ValidationError

from daemon.settings.field import Table, setting
from daemon.settings.later import Later
from daemon.settings.tables import keys_of, later_of, model_of


class Sign(Table):
    """What is imported later, in this test from here."""

    name: str
    pin: int = 0


if TYPE_CHECKING:
    Signs = tuple[Sign, ...]
else:
    Signs = Annotated[tuple[Any, ...], Later(__name__, "Sign")]


class Root(Table):
    signs: Signs = setting((), "Signs.", alias="sign")
    plain: tuple[Sign, ...] = setting((), "The same, at once.", alias="plain", strict=False)


def errors(key: str, value: object) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as caught:
        Root.model_validate({key: value}, by_alias=True, by_name=False)
    return [(error["type"], error["loc"][1:], error["msg"]) for error in caught.value.errors()]


def test_tables_are_read() -> None:
    assert Root.model_validate({"sign": [{"name": "a"}, {"name": "b", "pin": 4}]}).signs == (
        Sign(name="a"),
        Sign(name="b", pin=4),
    )
    assert Root().signs == ()


@pytest.mark.parametrize("value", [3, [3], [{}], [{"name": "a"}, {"name": 3, "pin": "x"}], [{"name": "a", "nom": 1}]])
def test_what_is_wrong_is_told_at_the_same_place_in_the_same_words(value: object) -> None:
    assert errors("sign", value) == errors("plain", value) != []


def test_nothing_is_imported_for_what_is_not_there() -> None:
    class Absent(BaseModel):
        tables: Annotated[tuple[Any, ...], Later("pipit_knows_no_such_module", "Sign")] = ()

    assert Absent.model_validate({"tables": ()}).tables == Absent().tables == ()
    with pytest.raises(ModuleNotFoundError):
        Absent.model_validate({"tables": [{}]})
    assert "pipit_knows_no_such_module" not in sys.modules


def test_whoever_looks_for_the_keys_finds_them() -> None:
    field = Root.model_fields["signs"]
    assert later_of(field)
    assert keys_of(model_of(field)) == ["name", "pin"]
    assert later_of(Root.model_fields["plain"]) is None
