"""Which keys there are, by the names that a file has for them."""

import pytest
from pydantic import BaseModel, Field

from daemon.settings.tables import field_at, keys_of, model_at, places_of_keys


class Lamp(BaseModel):
    name: str
    pin: int = 0


class Credential(BaseModel):
    file: str = ""


class Live(BaseModel):
    name: str = ""
    credential: Credential = Credential()


class Root(BaseModel):
    live: Live = Live()
    lamps: tuple[Lamp, ...] = Field((), alias="lamp")


def test_keys_are_named_as_in_the_file() -> None:
    assert keys_of(Root) == ["live", "lamp"]
    assert keys_of(None) == []


def test_a_key_may_be_at_home_in_several_tables() -> None:
    places = places_of_keys(Root)
    assert places["name"] == [("live",), ("lamp",)]
    assert places["file"] == [("live", "credential")]
    assert places["lamp"] == [()]
    assert "lamps" not in places


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ((), Root),
        (("live", "credential"), Credential),
        (("lamp",), Lamp),
        (("lamp", 3), Lamp),
        (("lamps",), None),
        (("live", "name"), None),
        (("nowhere", "credential"), None),
    ],
)
def test_the_model_of_a_table(path: tuple[str | int, ...], model: type[BaseModel] | None) -> None:
    assert model_at(Root, path) is model


def test_the_field_of_a_key_is_the_same_in_every_element_of_an_array() -> None:
    field = field_at(Root, ("lamp", 2, "pin"))
    assert field is not None
    assert field is field_at(Root, ("lamp", 0, "pin")) is Lamp.model_fields["pin"]
    assert field_at(Root, ("lamp", 2, "colour")) is None
    assert field_at(Root, ()) is None
