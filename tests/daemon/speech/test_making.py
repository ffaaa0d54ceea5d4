"""From the table of the speaker to a driver."""

from __future__ import annotations

from typing import Any

from daemon.house.settings import Settings
from daemon.speech.making import speaker_format
from hardware.base import PcmFormat


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_formats_count_frames_at_the_cards_own_rate() -> None:
    assert speaker_format(settings(speaker={"period_ms": 10}).speaker).period_frames == 240


def test_a_card_that_wants_another_rate_and_both_channels_gets_them() -> None:
    speaker = settings(speaker={"rate_hz": 48_000, "channels": 2, "period_ms": 20}).speaker
    assert speaker_format(speaker) == PcmFormat(rate_hz=48_000, channels=2, period_frames=960)
