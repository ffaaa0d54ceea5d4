"""Which model name is of which family."""

import pytest

from daemon.live.profiles import (
    CAUTIOUS,
    FAMILIES,
    FLASH_3_1,
    HALF_CASCADE,
    LIVE_3_8,
    LIVE_3_8_EXTENDED,
    NATIVE_2_5,
    Profile,
    profile_of,
)


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("gemini-3.8-live", LIVE_3_8),
        ("models/gemini-3.8-live", LIVE_3_8),
        ("gemini-3.8-live-extended-thinking", LIVE_3_8_EXTENDED),
        ("gemini-3.1-flash-live-preview", FLASH_3_1),
        ("gemini-2.5-flash-native-audio-preview-12-2025", NATIVE_2_5),
        ("gemini-live-2.5-flash-native-audio", NATIVE_2_5),
        ("gemini-live-2.5-flash-preview", HALF_CASCADE),
        ("gemini-2.0-flash-live-001", HALF_CASCADE),
        ("gemini-2.0-flash-exp", HALF_CASCADE),
        ("gemini-2.5-flash-live-preview", HALF_CASCADE),
        ("gemini-3.9-live", LIVE_3_8),
        ("gemma-voice", CAUTIOUS),
        ("", CAUTIOUS),
    ],
)
def test_family(model: str, profile: Profile) -> None:
    assert profile_of(model) is profile


def test_no_family_is_hidden_behind_a_shorter_name() -> None:
    names = [prefix for prefix, _ in FAMILIES]
    for index, name in enumerate(names):
        assert not any(name.startswith(earlier) for earlier in names[:index])
