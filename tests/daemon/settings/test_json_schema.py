"""The JSON Schema and the page: current, in the terms editors know, and of one mind with the models."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from pydantic import ValidationError

from daemon.house.settings import Settings
from daemon.settings.json_schema import schema, schema_text

ROOT = Path(__file__).parents[3]
SCHEMA = schema(Settings)


def valid(document: dict[str, Any]) -> bool:
    return bool(Draft4Validator(SCHEMA).is_valid(document))


def accepted(document: dict[str, Any]) -> bool:
    try:
        Settings.model_validate(document, by_name=False)
    except ValidationError:
        return False
    return True


def test_the_schema_is_one_of_draft_4() -> None:
    Draft4Validator.check_schema(SCHEMA)
    later_drafts = {"$defs", "const", "anyOf", "prefixItems", "unevaluatedProperties", "null", "fix"}
    words = set(schema_text(Settings).replace('"', " ").replace(":", " ").replace(",", " ").split())
    assert words & later_drafts == set()


def test_every_reference_leads_somewhere() -> None:
    references = {line.split('"')[-2] for line in schema_text(Settings).splitlines() if '"$ref"' in line}
    assert references == {f"#/definitions/{name}" for name in SCHEMA["definitions"]}


def test_the_defaults_are_valid() -> None:
    assert valid({})
    assert valid(Settings().model_dump(mode="json", by_alias=True, exclude_none=True))


@pytest.mark.parametrize(
    "document",
    [
        {"nonsense": 1},
        {"wake": 3},
        {"wake": {"threshhold": 0.5}},
        {"wake": {"models": []}},
        {"speaker": {"volume": 1.5}},
        {"microphone": {"rate_hz": "16000"}},
        {"live": {"voice": "kore"}},
        {"button": {"pin": 28}},
        {"device": [{"name": "x", "kind": "led"}]},
        {"device": [{"name": "x", "kind": "pwm", "pin": 3, "max_level": 0.0}]},
    ],
)
def test_an_editor_and_the_daemon_refuse_alike(document: dict[str, Any]) -> None:
    assert not valid(document)
    assert not accepted(document)


LEVELS = st.floats(-0.5, 1.5)
DEVICES = st.fixed_dictionaries(
    {"name": st.sampled_from(["lamp", ""]), "kind": st.sampled_from(["pwm", "motor"]), "pin": st.integers(-1, 28)},
    optional={"max_level": LEVELS, "min_level": LEVELS, "max_on_s": st.integers(-1, 10), "active": st.just("low")},
)


@given(device=DEVICES)
def test_what_the_daemon_accepts_no_editor_underlines(device: dict[str, Any]) -> None:
    document = {"device": [device]}
    assert valid(document) or not accepted(document)
