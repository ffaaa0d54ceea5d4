"""What a microphone, a wake word and a wait cannot be."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings


@pytest.mark.parametrize("table", [{"channel": 1}, {"channels": 2, "channel": 2}, {"rate_hz": 16_000.0}])
def test_a_channel_is_one_of_those_that_are_opened(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MicrophoneSettings.model_validate(table)


@pytest.mark.parametrize("name", ["", "words/x.onnx", "/x.tflite", "x.onnx", "/" + "x" * 5000 + ".onnx", "/a\0.onnx"])
def test_a_model_is_a_name_or_a_path_from_the_root(name: str) -> None:
    with pytest.raises(ValidationError):
        WakeSettings.model_validate({"models": [name]})


@pytest.mark.parametrize("models", [["alexa", "alexa"], ["/a/hey.onnx", "/b/hey.onnx"], ["/a/alexa.onnx", "alexa"]])
def test_each_model_has_a_name_of_its_own(models: list[str]) -> None:
    with pytest.raises(ValidationError, match="twice"):
        WakeSettings.model_validate({"models": models})


def test_no_words_wake_nobody() -> None:
    with pytest.raises(ValidationError):
        WakeSettings.model_validate({"models": []})


@pytest.mark.parametrize("table", [{"end_silence_ms": 1}, {"follow_up_s": 1e-7}, {"eager": 1}])
def test_a_wait_is_none_or_long_enough_for_people(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ListeningSettings.model_validate(table)


def test_none_is_none() -> None:
    table = ListeningSettings.model_validate({"end_silence_ms": 0, "follow_up_s": 0.0})
    assert (table.end_silence_ms, table.follow_up_s) == (0, 0)
