"""From the tables of hearing to what hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.errors import ModelFileError
from daemon.hearing.making import alsa_microphone, listener_of, microphone_format
from daemon.house.settings import Settings
from hardware.base import PcmFormat

if TYPE_CHECKING:
    from pathlib import Path


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_formats_count_frames_at_the_cards_own_rate() -> None:
    microphone = settings(microphone={"rate_hz": 48_000, "channels": 2, "sample_format": "S32_LE"}).microphone
    assert microphone_format(microphone) == PcmFormat(
        rate_hz=48_000, channels=2, sample_format="S32_LE", period_frames=960
    )


def test_the_microphone_is_the_card_of_the_settings_and_not_opened_yet() -> None:
    chosen = settings(microphone={"device": "plughw:CARD=Nobody", "period_ms": 10}).microphone
    assert alsa_microphone(chosen).format == microphone_format(chosen) == PcmFormat(rate_hz=16_000, period_frames=160)


def test_without_its_models_nothing_listens(tmp_path: Path) -> None:
    tables = settings(wake={"models_dir": str(tmp_path)})
    with pytest.raises(ModelFileError, match="hey_jarvis"):
        listener_of(tables.wake, tables.listening)
