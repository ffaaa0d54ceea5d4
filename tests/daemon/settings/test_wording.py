"""The words of a problem: every kind of mistake, and never a secret."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.house.settings import Settings
from daemon.settings.problems import Fault, shown_key
from daemon.settings.wording import faults_of

KEY = "AIzaSyA-0123456789abcdefghijklmnopqrstu"


def only_fault(document: dict[str, Any]) -> Fault:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(document, by_name=False)
    (fault,) = faults_of(raised.value, Settings)
    return fault


@pytest.mark.parametrize(
    ("document", "key", "sentence"),
    [
        ({"speaker": {"volume": "loud"}}, "speaker.volume", 'must be a number, not "loud". Fix: try 0.8'),
        ({"button": {"hold_ms": 1.5}}, "button.hold_ms", "must be a whole number, not 1.5. Fix: try 400"),
        ({"button": {"hold_ms": True}}, "button.hold_ms", "must be a whole number, not true. Fix: try 400"),
        ({"wake": {"gate": "yes"}}, "wake.gate", 'must be true or false, not "yes". Fix: see docs/settings.md'),
        ({"household": {"room": 3}}, "household.room", "must be text in quotes, not 3. Fix: write it in quotes"),
        ({"button": {"tail_ms": -1}}, "button.tail_ms", "must be at least 0, not -1. Fix: try 150"),
        ({"button": {"tail_ms": 9999}}, "button.tail_ms", "must be at most 1000, not 9999. Fix: try 150"),
        ({"wake": {"models": []}}, "wake.models", 'must not be empty. Fix: write a list, such as ["hey_jarvis"]'),
        ({"wake": {"models": ["a", 3]}}, "wake.models[2]", "must be text in quotes, not 3"),
        ({"household": {"name": "x" * 61}}, "household.name", "must have at most 60 characters. Fix: shorten it"),
        ({"household": {"language": "klingon!"}}, "household.language", 'not "klingon!". Fix: write a BCP 47 tag'),
        (
            {"live": {"voice": "Koree"}},
            "live.voice",
            'must be one of the known names, not "Koree". Fix: did you mean "Kore"?',
        ),
        ({"live": {"voice": "Q"}}, "live.voice", "Fix: choose a voice of docs/settings.md"),
        ({"button": {"pull": "sideways"}}, "button.pull", 'must be one of up, down, not "sideways". Fix: write "up"'),
        ({"wake": {"threshhold": 0.7}}, "wake.threshhold", 'unknown key. Fix: did you mean "threshold"?'),
        ({"Wake": {}}, "Wake", 'unknown key. Fix: did you mean "wake"?'),
        ({"microphone": {"volume": 1}}, "microphone.volume", "unknown key. Fix: did you mean speaker.volume"),
        ({"live": {"hold_ms": 1}}, "live.hold_ms", "unknown key. Fix: did you mean button.hold_ms?"),
        ({"gpio": {"xyzzy": 1}}, "gpio.xyzzy", "unknown key. Fix: remove it; the keys here are chip, factory"),
        ({"devices": []}, "devices", 'unknown key. Fix: did you mean "device"?'),
        ({"wake": 3}, "wake", "must be a table, not 3. Fix: write [wake] on a line of its own"),
        (
            {"volume": {"largest": [3]}},
            "volume.largest[1]",
            "must be a table, not 3. Fix: write [[volume.largest]] on a",
        ),
        ({"live": {"credential": 3}}, "live.credential", "must be a table. Fix: write [live.credential] on a line"),
        ({"device": ["lamp"]}, "device[1]", 'must be a table, not "lamp". Fix: write [[device]] on a line'),
        (
            {"device": {"name": "lamp"}},
            "device",
            "must be a list. Fix: write [[device]] on a line of its own before each",
        ),
        (
            {"device": [{"name": "a", "kind": "led"}]},
            "device[1].pin",
            "is missing. Fix: add the line pin = …; use the BCM",
        ),
    ],
)
def test_sentences(document: dict[str, Any], key: str, sentence: str) -> None:
    fault = only_fault(document)
    assert shown_key(fault.path) == key
    assert sentence in f"{fault.what}. Fix: {fault.fix}"


def test_every_kind_of_error_the_models_can_raise_has_words_of_its_own() -> None:
    document = {
        "microphone": {"rate_hz": "x", "gain_db": float("nan"), "device": ""},
        "wake": {"models_dir": 1, "models": "x"},
        "device": [{"name": "x", "kind": "pwm", "pin": 3, "max_level": 0}],
    }
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(document, by_name=False)
    faults = faults_of(raised.value, Settings)
    assert len(faults) == 6
    assert [fault for fault in faults if "input" in fault.what or "should" in fault.what or not fault.fix] == []


@pytest.mark.parametrize(
    "document",
    [
        {"live": {"credential": KEY}},
        {"live": {"credential": {"file": KEY}}},
        {"live": {"credential": {"file": 3}}},
        {"live": {"api_key": KEY}},
        {"live": {"voice": KEY}},
        {"live": {"endpoint": f"https://x/?key={KEY}"}},
        {"household": {"language": KEY}},
        {"household": {f"key {KEY}": 1}},
        {KEY: 1},
    ],
)
def test_a_key_in_the_wrong_place_is_not_repeated(document: dict[str, Any]) -> None:
    fault = only_fault(document)
    assert KEY not in f"{shown_key(fault.path)} {fault.what} {fault.fix}"


@pytest.mark.parametrize("name", ["api_key", "API-Key", "GEMINI_API_KEY", "token"])
def test_a_key_in_the_settings_is_sent_to_its_own_file(name: str) -> None:
    fault = only_fault({"live": {name: "x"}})
    assert fault.what == "secrets are not kept in the settings"
    assert "[live.credential]" in fault.fix


def test_a_long_value_does_not_hide_the_sentence() -> None:
    assert "abc" not in only_fault({"speaker": {"volume": "abc" * 100}}).what
