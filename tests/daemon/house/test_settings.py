"""The models by themselves: defaults, strictness, bounds, and what keys of one table say about each other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from daemon.abilities.devices.settings import DeviceSettings
from daemon.house.settings import Settings
from daemon.live.settings import KNOWN_MODELS, Voice
from tests.daemon.settings.refused import errors_of

LAMP = {"name": "lamp", "kind": "led", "pin": 17}
DIMMER = {"name": "night light", "kind": "pwm", "pin": 12}


def tables(model: type[BaseModel]) -> list[type[BaseModel]]:
    inner = [field.annotation for field in model.model_fields.values()]
    found = [kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [model, *(table for kind in found for table in tables(kind))]


def test_an_empty_file_is_enough() -> None:
    settings = Settings.model_validate({})
    assert settings.microphone.period_ms == 20
    assert settings.wake.models == ("hey_jarvis",)
    assert settings.wake.models_dir == Path("/var/lib/pipit/models")
    assert settings.button.pin is None
    assert settings.devices == ()


def test_the_defaults_are_as_valid_as_anything_written() -> None:
    document = Settings().model_dump(mode="json", by_alias=True, exclude_none=True)
    assert Settings.model_validate(document, by_name=False) == Settings()


def test_every_key_has_a_meaning_of_one_sentence() -> None:
    fields = {
        f"{table.__name__}.{name}": field.description
        for table in (*tables(Settings)[1:], DeviceSettings)
        for name, field in table.model_fields.items()
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel))
    }
    assert len(fields) > 50
    assert [name for name, meaning in fields.items() if not meaning or not meaning.endswith(".")] == []


def test_a_device_by_its_table_name_in_the_file_and_by_its_field_in_code() -> None:
    from_file = Settings.model_validate({"device": [LAMP]}, by_name=False)
    from_code = Settings(devices=(DeviceSettings(**LAMP),))
    assert from_file == from_code
    assert from_file.devices[0].max_switches_per_minute == 30


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().speaker.volume = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("microphone", "rate_hz", "16000"),
        ("microphone", "rate_hz", True),
        ("microphone", "rate_hz", 16000.0),
        ("speaker", "volume", "loud"),
        ("speaker", "volume", False),
        ("wake", "gate", 1),
        ("wake", "models", "hey_jarvis"),
        ("wake", "models_dir", 3),
        ("household", "name", 3),
        ("button", "pin", "17"),
        ("button", "pull", True),
    ],
)
def test_nothing_is_converted(table: str, key: str, value: object) -> None:
    assert list(errors_of({table: {key: value}})) == [(table, key)]


def test_a_whole_number_is_a_number() -> None:
    assert Settings.model_validate({"speaker": {"volume": 1}}).speaker.volume == 1.0


@pytest.mark.parametrize(
    ("table", "key", "lowest", "highest", "step"),
    [
        ("microphone", "rate_hz", 8000, 192_000, 1),
        ("microphone", "channels", 1, 8, 1),
        ("microphone", "gain_db", -20, 60, 0.1),
        ("microphone", "period_ms", 10, 80, 1),
        ("speaker", "volume", 0, 1, 0.01),
        ("wake", "threshold", 0.05, 0.99, 0.005),
        ("listening", "follow_up_s", 0, 60, 0.1),
        ("button", "pin", 0, 27, 1),
        ("mute", "pin", 0, 27, 1),
        ("indicator", "pin", 0, 27, 1),
    ],
)
def test_bounds_are_inclusive(table: str, key: str, lowest: float, highest: float, step: float) -> None:
    for value in (lowest, highest):
        assert getattr(getattr(Settings.model_validate({table: {key: value}}), table), key) == value
    for value in (lowest - step, highest + step):
        assert list(errors_of({table: {key: value}})) == [(table, key)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(value: float) -> None:
    assert list(errors_of({"live": {"connect_timeout_s": value}})) == [("live", "connect_timeout_s")]


def numbers(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every key that is a number, by its path in a file."""
    for name, field in model.model_fields.items():
        path = (*prefix, field.alias or name)
        kinds = [field.annotation, *get_args(field.annotation)]
        if inner := next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None):
            yield from numbers(inner, path)
        elif {int, float} & set(kinds) or any(get_args(kind)[:1] == (int,) for kind in kinds):
            yield path, field


def document_of(path: tuple[str, ...], value: object) -> dict[str, Any]:
    *tables, key = path
    document: dict[str, Any] = {key: value}
    for table in reversed(tables):
        document = {
            table: [document]
            if table in {"device", "price", "largest", "group", "scene", "steps", "input"}
            else document
        }
    return document


def test_every_number_has_bounds_on_both_sides() -> None:
    for path, _ in numbers(Settings):
        for value in (-1e308, 1e308, -(10**400), 10**400, -(2**63), 2**63):
            bad = errors_of(document_of(path, value))
            assert any(tuple(part for part in told if isinstance(part, str)) == path for told in bad), (path, value)


@pytest.mark.parametrize(
    ("path", "least"),
    [
        (("device", "max_on_s"), 0.1),
        (("device", "min_off_s"), 0.1),
        (("device", "min_level"), 0.01),
        (("device", "max_level"), 0.01),
        (("usage", "daily_limit"), 0.001),
        (("usage", "monthly_limit"), 0.001),
        (("listening", "follow_up_s"), 0.5),
        (("live", "context", "resume_h"), 0.01),
    ],
)
def test_0_is_none_and_next_to_it_is_nothing_that_works(path: tuple[str, ...], least: float) -> None:
    """1e-300 is more than 0, and no light would be seen for so long; of money it would be no limit at all."""
    table = document_of(path, None)
    first = DIMMER if "device" in table else {}

    def told(value: float) -> list[str]:
        document = document_of(path, value)
        if first:
            document["device"] = [{**first, **document["device"][0]}]
        return [what for what in errors_of(document).values() if "must be 0, or at least" in what]

    for value in (1e-300, 5e-324, least * 0.99):
        (what,) = told(value)
        assert f"at least {least:g}" in what
    document = document_of(path, float(least))
    if first:
        document["device"] = [{**first, **document["device"][0]}]
    Settings.model_validate(document)


def test_the_channel_is_one_of_the_channels() -> None:
    assert Settings.model_validate({"microphone": {"channels": 2, "channel": 1}}).microphone.channel == 1
    assert (
        "below channels, which is 2"
        in errors_of({"microphone": {"channels": 2, "channel": 2}})["microphone", "channel"]
    )
    assert "below channels, which is 1" in errors_of({"microphone": {"channel": 1}})["microphone", "channel"]


def test_thirty_voices_and_no_others() -> None:
    assert len(set(get_args(Voice))) == 30
    assert Settings.model_validate({"live": {"voice": "Zephyr"}}).live.voice == "Zephyr"
    assert list(errors_of({"live": {"voice": "kore"}})) == [("live", "voice")]


def test_an_unknown_model_is_for_the_service_to_refuse() -> None:
    assert Settings().live.model in KNOWN_MODELS
    assert Settings.model_validate({"live": {"model": "gemini-9-live"}}).live.model == "gemini-9-live"
    assert list(errors_of({"live": {"model": "models/gemini-3.8-live"}})) == [("live", "model")]


@pytest.mark.parametrize("language", ["en", "de-CH", "pt-BR", "zh-Hant-TW", "es-419"])
def test_languages(language: str) -> None:
    settings = Settings.model_validate({"household": {"language": "fr"}, "live": {"language": language}})
    assert settings.reply_language == language
    assert Settings.model_validate({"household": {"language": language}}).reply_language == language


@pytest.mark.parametrize("language", ["english", "e", "de_CH", "de-", "de CH"])
def test_no_languages(language: str) -> None:
    bad = errors_of({"household": {"language": language}, "live": {"language": language}})
    assert list(bad) == [("household", "language"), ("live", "language")]


@pytest.mark.parametrize("endpoint", ["", "https://127.0.0.1:8443", "wss://pi.local/live", "https://[::1]:8443"])
def test_endpoints(endpoint: str) -> None:
    assert Settings.model_validate({"live": {"endpoint": endpoint}}).live.endpoint == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1",
        "127.0.0.1:8443",
        "https://",
        "https://h:99999",
        "https://u:p@h",
        "https://h?key=1",
        "https://[",
        "x",
        "https://a..b",
        f"https://{'x' * 70}.local",
        "https://-a",
        "https://a.",
        "https://a%20b",
        "https://@h",
        "https://h:0",
        "https://h:",
        "https://h#",
        "https://ho st",
    ],
)
def test_no_endpoints(endpoint: str) -> None:
    assert "https:// or wss://" in errors_of({"live": {"endpoint": endpoint}})["live", "endpoint"]


@pytest.mark.parametrize(("table", "key"), [("live", "ca_file"), ("wake", "models_dir")])
def test_paths_are_absolute(table: str, key: str) -> None:
    assert "absolute path" in errors_of({table: {key: "some/where"}})[table, key]


def test_wake_models_are_names_or_absolute_paths_of_onnx_files() -> None:
    settings = Settings.model_validate({"wake": {"models": ["alexa", "/srv/models/computer.onnx"]}})
    assert settings.wake.models == ("alexa", "/srv/models/computer.onnx")
    wrong = ["computer.onnx"], ["computer.tflite"], ["x" * 5000], ["alexa"] * 21
    for models in ([], [""], ["models/computer.onnx"], ["/srv/computer.tflite"], *wrong):
        assert list(errors_of({"wake": {"models": models}})) == [("wake", "models")]


@pytest.mark.parametrize("name", ["", " lamp", "desk  lamp", "lamp\n", "?!", "a" * 41, "lamp\x07"])
def test_no_device_names(name: str) -> None:
    assert list(errors_of({"device": [{**LAMP, "name": name}]})) == [("device", 0, "name")]


@pytest.mark.parametrize("name", ["Lampe über dem Tisch", "2", "Tante Käthe's lamp"])
def test_device_names(name: str) -> None:
    assert Settings.model_validate({"device": [{**LAMP, "name": name}]}).devices[0].name == name


def test_what_is_safe_when_on_has_no_longest_time() -> None:
    bad = errors_of({"device": [{**LAMP, "safe": "on", "max_on_s": 60}]})
    assert 'safe state is "on"' in bad["device", 0, "max_on_s"]
    assert Settings.model_validate({"device": [{**LAMP, "safe": "on", "max_on_s": 0}]}).devices[0].safe == "on"


def test_one_wrong_key_hides_no_other() -> None:
    bad = errors_of({"device": [{"kind": "pwm", "min_level": 0.8, "max_level": 0.2, "colour": "red", "pin": "3"}]})
    assert set(bad) == {
        ("device", 0, "name"),
        ("device", 0, "pin"),
        ("device", 0, "max_level"),
        ("device", 0, "colour"),
    }
