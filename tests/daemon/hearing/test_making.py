"""From the tables of hearing to what hears."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.hearing.making import alsa_microphone, listener_of, microphone_format
from daemon.house.settings import Settings
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.wake.inference import open_session
from daemon.wake.models import SILERO_VAD, STREAMING_EMBEDDING
from hardware.base import PcmFormat
from tests.daemon.wake.signals import room_noise

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.hearing.listener import Listener


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


def test_listeners_may_share_their_networks_and_hear_each_for_itself(
    models: Path, sentences: dict[str, Samples]
) -> None:
    opened: list[str] = []

    @cache
    def open_once(path: Path) -> Any:
        opened.append(path.name)
        return open_session(path)

    tables = settings(wake={"models": ["alexa"], "models_dir": str(models), "first_stage": "off"})
    said = np.concatenate((room_noise(3), sentences["alexa"], room_noise(1)))
    other = room_noise(len(said) / CAPTURE_RATE_HZ, rms=900)
    alone = heard_by(listener_of(tables.wake, tables.listening), said)
    first, second = (listener_of(tables.wake, tables.listening, open_once) for _ in range(2))
    assert heard_by(first, said, beside=(second, other)) == alone
    assert any(alone)
    assert sorted(opened) == sorted({STREAMING_EMBEDDING, SILERO_VAD.file_name})


def heard_by(listener: Listener, samples: Samples, beside: tuple[Listener, Samples] | None = None) -> list[Any]:
    """What it hears with everybody watched; another hears its own samples in between."""
    heard: list[Any] = []
    pairs = [(listener, samples), *([beside] if beside else [])]
    for one, its in pairs:
        one.watch(0, its[:0], 0)
    for at in range(0, len(samples), 1280):
        for one, its in pairs:
            events = one.hear(its[at : at + 1280], at)
            heard += events if one is listener else []
    return heard
