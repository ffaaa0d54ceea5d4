"""Which family a model belongs to."""

import pytest

from daemon.offline.profiles import FLASH_3_1, LIVE_3, NATIVE_2_5, Profile, profile_of


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("gemini-2.5-flash-native-audio-latest", NATIVE_2_5),
        ("gemini-3.1-flash-live-preview", FLASH_3_1),
        ("gemini-3.8-live", LIVE_3),
        ("gemini-3.8-live-extended-thinking", LIVE_3),
        ("something-new", LIVE_3),
    ],
)
def test_families(model: str, profile: Profile) -> None:
    assert profile_of(model) is profile
