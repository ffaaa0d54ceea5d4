"""Which family a model belongs to, and that client and server think the same of it."""

import typing

import pytest

from daemon.live import profiles as client
from daemon.live.settings import Voice
from daemon.offline.service.profiles import (
    EXTENDED_THINKING,
    FLASH_3_1,
    HALF_CASCADE,
    HALF_CASCADE_VERTEX,
    LIVE_3,
    NATIVE_2_5,
    UNKNOWN,
    VOICES,
    Profile,
    profile_of,
)

MODELS = [
    ("gemini-2.0-flash-exp", HALF_CASCADE),
    ("gemini-2.0-flash-live-001", HALF_CASCADE),
    ("gemini-2.0-flash-live-preview-04-09", HALF_CASCADE_VERTEX),
    ("gemini-2.0-flash", HALF_CASCADE),
    ("gemini-2.5-flash-live-preview", HALF_CASCADE),
    ("gemini-2.5-flash-preview-native-audio-dialog", NATIVE_2_5),
    ("gemini-2.5-flash-exp-native-audio-thinking-dialog", NATIVE_2_5),
    ("gemini-2.5-flash-native-audio-preview-12-2025", NATIVE_2_5),
    ("gemini-live-2.5-flash-preview", HALF_CASCADE),
    ("gemini-live-2.5-flash", HALF_CASCADE_VERTEX),
    ("gemini-live-2.5-flash-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash-preview-native-audio-09-2025", NATIVE_2_5),  # python-genai #1780: refuses TEXT
    ("gemini-2.5-flash-native-audio-latest", NATIVE_2_5),
    ("gemini-3.1-flash-live-preview", FLASH_3_1),
    ("gemini-3.5-live-translate-preview", LIVE_3),
    ("gemini-3.5-transcribe-live", LIVE_3),
    ("gemini-3.8-live", LIVE_3),
    ("gemini-3.8-live-extended-thinking", EXTENDED_THINKING),
    ("something-new", UNKNOWN),
]


@pytest.mark.parametrize(("model", "profile"), MODELS)
def test_families(model: str, profile: Profile) -> None:
    assert profile_of(model) is profile


@pytest.mark.parametrize("model", [model for model, profile in MODELS if profile is not UNKNOWN])
def test_the_client_knows_what_the_server_refuses(model: str) -> None:
    here, there = profile_of(model), client.profile_of(model)
    assert (not here.refuses_text) is there.writes
    assert here.behaviors == there.behaviors
    assert (here.thinking_level == "required") is there.needs_thinking_level
    assert not (here.thinking_level == "refused" and there.thinking_levels)
    assert here.affective is there.affective
    assert here.always_proactive is (there.proactive == "always")
    assert here.ends_when_idle is there.ends_when_idle


def test_the_voices_are_those_of_the_settings() -> None:
    assert set(typing.get_args(Voice)) == VOICES
