"""Text in the settings: what cannot be seen is in none of it, wherever it stands."""

from itertools import product
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from daemon.house.settings import Settings
from daemon.settings.field import hidden_in, sound_device
from daemon.settings.wording import faults_of

HIDDEN = ["\0", "\n", "\t", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u00ad", "\u061c", "\u200b", "\u200e", "\u2028",
          "\u2029", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff", "\U000e0041"]  # fmt: skip
SEEN = ["a", "ü", " ", "\u00a0", "\u3000", "漢", "e\u0301", "🙂", "\ue000"]
PROSE = {
    "household.name": "\u200c\u200d",
    "household.room": "\u200c\u200d",
    "live.system_instruction": "\n\t\u200c\u200d",
    "live.transcription.vocabulary": "\u200c\u200d",
}


def text_keys() -> list[tuple[str, Any]]:
    """Every key that holds text or a list of it, and the document that gives it a value."""
    found: list[tuple[str, Any]] = []

    def walk(model: type[BaseModel], prefix: str, around: Any) -> None:
        for name, field in model.model_fields.items():
            key = field.alias or name
            kinds = [field.annotation, *get_args(field.annotation)]
            inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
            listed = str(field.annotation).startswith("tuple")
            if inner:
                walk(inner, f"{prefix}{key}.", lambda v, a=around, k=key, many=listed: a({k: [v] if many else v}))
            elif "bool" not in str(field.annotation) and not {int, float} & set(kinds):
                found.append((f"{prefix}{key}", lambda v, a=around, k=key, many=listed: a({k: [v] if many else v})))

    walk(Settings, "", lambda value: value)
    return found


KEYS = text_keys()


def test_there_are_many() -> None:
    assert len(KEYS) > 35
    assert PROSE.keys() <= {key for key, _ in KEYS}


def test_no_key_takes_what_cannot_be_seen() -> None:
    for (key, document), hidden in product(KEYS, HIDDEN):
        if hidden in PROSE.get(key, ""):
            continue
        with pytest.raises(ValidationError) as raised:
            Settings.model_validate(document(f"/a{hidden}b"), by_alias=True, by_name=False)
        told = [fault for fault in faults_of(raised.value, Settings) if "a character that cannot be seen" in fault.what]
        assert len(told) == 1, (key, hidden.encode("unicode_escape"))
        assert told[0].what.isprintable(), key


@pytest.mark.parametrize(("key", "characters"), PROSE.items())
def test_prose_takes_what_it_needs(key: str, characters: str) -> None:
    document = dict(KEYS)[key]
    for character in characters:
        Settings.model_validate(document(f"a{character}b"), by_alias=True, by_name=False)


def test_what_is_seen() -> None:
    assert [hidden_in(f"a{character}") for character in SEEN] == [""] * len(SEEN)
    assert [hidden_in(f"a{character}b") for character in HIDDEN] == HIDDEN


@pytest.mark.parametrize("name", ["default", "plughw:CARD=usb", "usb:1-1.3", "usb:3-2,DEV=1", "usbstream:CARD=x"])
def test_a_sound_device_is_alsas_business_or_a_port(name: str) -> None:
    assert sound_device(name) == name


@pytest.mark.parametrize("name", ["usb:", "usb:Device", "usb:1-1.3 ", "usb:1-1.3,DEV=", "usb:0d8c:013c"])
def test_a_port_that_is_none_is_refused_with_what_one_is(name: str) -> None:
    with pytest.raises(PydanticCustomError, match=r'must be "usb:" and a port such as 1-1.3'):
        sound_device(name)
