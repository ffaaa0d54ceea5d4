"""Settings of a support bundle."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from daemon.abilities.devices.settings import DeviceSettings
from daemon.doctor.support.shared_settings import decided_keys, pcm_name, settings_lines
from daemon.house.settings import Settings

CARDS = ["vc4hdmi0", "Annas Headset"]


def lines(**tables: Any) -> dict[str, str]:
    told = settings_lines(Settings.model_validate(tables), CARDS)
    return dict(line.strip().split(" = ", 1) for line in told if " = " in line)


def keys(table: type[BaseModel], name: str) -> set[str]:
    found = set()
    for key, info in table.model_fields.items():
        inner = info.annotation
        nested = isinstance(inner, type) and issubclass(inner, BaseModel)
        found |= keys(inner, f"{name}.{key}") if nested else {f"{name}.{key}"}
    return found


def test_somebody_decided_about_every_setting() -> None:
    lists = {"devices", "prices"}  # the first are told one by one, the second not at all
    tables = {key: info.annotation for key, info in Settings.model_fields.items() if key not in lists}
    known = {key for name, table in tables.items() for key in keys(table, name)} | keys(DeviceSettings, "device")
    assert known == decided_keys(), "decide whether the new setting may be anybody's words"


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
    ],
)
def test_a_card_by_its_number(device: str, shown: str) -> None:
    assert pcm_name(device, CARDS) == shown


def test_without_settings() -> None:
    assert [*settings_lines(None, [])] == ["there are no settings that can be used"]
