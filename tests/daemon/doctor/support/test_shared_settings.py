"""Settings of a support bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from daemon.abilities.devices.settings import DeviceSettings
from daemon.doctor.support.shared_settings import pcm_name, settings_lines
from daemon.house.settings import Settings
from daemon.settings.sharing import share_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

CARDS = ["vc4hdmi0", "Annas Headset"]


def lines(**tables: Any) -> dict[str, str]:
    told = settings_lines(Settings.model_validate(tables), CARDS)
    return dict(line.strip().split(" = ", 1) for line in told if " = " in line)


def fields(table: type[BaseModel], name: str) -> Iterator[tuple[str, FieldInfo]]:
    for key, field in table.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from fields(inner, f"{name}{key}.")
        else:
            yield f"{name}{key}", field


FIELDS = {**dict(fields(Settings, "")), **dict(fields(DeviceSettings, "device."))}
LISTS = {"devices", "groups", "scenes", "inputs", "prices"}
"""The first are told one by one, the others not at all."""


def test_texts_of_which_something_is_shown_are_these() -> None:
    kinds = {key: repr(field.annotation) for key, field in FIELDS.items()}
    texts = {key: share_of(FIELDS[key]) for key, kind in kinds.items() if "str" in kind and "Literal" not in kind}
    assert {key: share for key, share in texts.items() if share} == {
        "device.hours": "harmless",
        "gpio.chip": "harmless",
        "household.language": "language",
        "indicator.bus": "harmless",
        "live.language": "language",
        "live.model": "model",
        "microphone.device": "pcm",
        "quiet.begins": "harmless",
        "quiet.ends": "harmless",
        "speaker.device": "pcm",
        "wake.models": "wake words",
    }


def test_what_people_write_is_left_out() -> None:
    assert {key for key, field in FIELDS.items() if share_of(field) is None} - LISTS == {
        *("device.room", "device.aliases", "device.interlock"),
        *("household.name", "household.room", "device.name", "camera.device", "camera.path", "wake.models_dir"),
        *("live.transcription.languages", "live.transcription.vocabulary", "live.system_instruction", "usage.currency"),
        *("live.endpoint", "live.ca_file", "live.credential.file", "live.credential.secret_file"),
        *("live.credential.broker", "live.credential.broker_ca_file"),
        *("broker.host", "broker.names", "broker.certificate", "volume.largest", "keys.device"),
        *("home_server.host", "home_server.names", "home_server.certificate", "home_server.models"),
        *(f"home_server.openai.{key}" for key in ("url", "model", "key_file", "ca_file")),
    }


def test_every_setting_is_told_in_its_own_way() -> None:
    """Its default is said to be one, and shown only if no value of it could be anybody's words."""
    told = lines()
    for key, field in FIELDS.items():
        if key not in LISTS and not key.startswith("device."):
            harmless = share_of(field) == "harmless"
            assert told[key] == (f"{field.default} (default)" if harmless else "(default)"), key
    assert told["gpio.chip"] == "auto (default)"
    assert told["live.model"] == "(default)"


def test_numbers_pass_and_words_do_not() -> None:
    told = lines(
        household={"name": "Meier", "room": "kitchen", "language": "de-CH"},
        microphone={"rate_hz": 48_000, "gain_db": 30, "device": "plughw:CARD=Annas Headset"},
        wake={"models": ["alexa", "/home/anna/secret.onnx"], "models_dir": "/home/anna"},
        live={"endpoint": "https://anna.example", "model": "my-model", "credential": {"file": "/home/anna/key"}},
    )
    assert told["microphone.rate_hz"] == "48000"
    assert told["microphone.gain_db"] == "30.0"
    assert told["microphone.device"] == "plughw of card 1"
    assert told["speaker.rate_hz"] == "24000 (default)"
    assert told["household.language"] == "de-CH"
    assert told["wake.models"] == "alexa, (one of their own)"
    for key in ("household.name", "household.room", "live.endpoint", "live.model", "live.credential.file"):
        assert told[key] == "(left out)", key
    assert not [value for value in told.values() if "nna" in value or "Meier" in value or "kitchen" in value]


def test_devices_are_told_apart_by_number() -> None:
    device = [{"name": "bedroom lamp", "kind": "relay", "pin": 17}, {"name": "safe", "kind": "pwm", "pin": 13}]
    told = [*settings_lines(Settings.model_validate({"device": device}), CARDS)]
    assert [line for line in told if line.startswith("device")] == ["device 1:", "device 2:"]
    assert "  device.pin = 17" in told
    assert not [line for line in told if "bedroom" in line]


def test_what_is_as_it_came_is_said_so() -> None:
    assert lines()["live.system_instruction"] == "(default)"
    assert "(left out)" not in lines().values()


@pytest.mark.parametrize(
    ("device", "shown"),
    [
        ("default", "default"),
        ("hw:CARD=vc4hdmi0,DEV=0", "hw of card 0"),
        ("plughw:1,0", "plughw of card 1, by number"),
        ("plughw:CARD=gone", "plughw of a card that is not there"),
        ("plughw:7", "plughw of a card that is not there"),
        ("my secret", "(left out)"),
        ("secret:CARD=vc4hdmi0", "(left out)"),
        ("hw:CARD=vc4hdmi0,DEV=secret", "(left out)"),
        ("usb:1-1.3", "usb:1-1.3"),
        ("usb:1-1.3,DEV=1", "usb:1-1.3,DEV=1"),
        ("usb:Annas Headset", "(left out)"),
    ],
)
def test_a_card_by_its_number(device: str, shown: str) -> None:
    assert pcm_name(device, CARDS) == shown


def test_without_settings() -> None:
    assert [*settings_lines(None, [])] == ["there are no settings that can be used"]
