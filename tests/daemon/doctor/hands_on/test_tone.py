"""The sound is found where it is, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.doctor.hands_on.tone import LENGTH_S, SPEEDS, SURE, find, probe_sound
from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.sound.resample import resample
from daemon.sound.wav import read_audio
from tests.repetition import THOROUGH

if TYPE_CHECKING:
    from pathlib import Path

PLAYED_AT = 16_000
"""One second of room before it."""


def room(seconds: float = 4.5, rms: float = 30.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, rms, int(seconds * 16_000))


def heard_in(around: np.ndarray, delay: int, gain: float, speed: float = 1.0) -> Samples:
    sound = probe_sound(16_000, speed) * 32_767 * gain
    together = around.copy()
    together[PLAYED_AT + delay : PLAYED_AT + delay + len(sound)] += sound
    return together.clip(-32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("delay", [0, 1, 1_234, 20_000])
def test_its_place_to_the_sample(delay: int) -> None:
    heard = find(heard_in(room(), delay, 0.1), PLAYED_AT)
    assert heard
    assert (heard.delay_samples, heard.speed) == (delay, 1.0)


def test_as_it_leaves_a_card_of_another_rate() -> None:
    sound = np.rint(probe_sound(REPLY_RATE_HZ) * 16_000).astype(np.int16)
    card = resample(resample(sound, REPLY_RATE_HZ, 48_000), 48_000, 16_000)
    around = room()
    around[PLAYED_AT + 800 : PLAYED_AT + 800 + len(card)] += card * 0.2
    heard = find(around.astype(np.int16), PLAYED_AT)
    assert heard
    assert heard.delay_samples == pytest.approx(800, abs=3)


@pytest.mark.parametrize("over_room_db", [20, 0, -8])
def test_in_noise(over_room_db: float) -> None:
    sound_rms = 32_767 * 10 ** (-9 / 20) / np.sqrt(2)
    gain = 300 * 10 ** (over_room_db / 20) / sound_rms
    heard = find(heard_in(room(rms=300), 500, gain), PLAYED_AT)
    assert heard
    assert heard.delay_samples == pytest.approx(500, abs=2)
    if over_room_db > 0:
        assert heard.over_room_db == pytest.approx(over_room_db, abs=1)


def test_in_a_room_that_echoes() -> None:
    rng = np.random.default_rng(3)
    times = np.arange(5_600) / 16_000
    response = rng.normal(0, 0.05, 5_600) * np.exp(-6.9 * times / 0.35)  # 60 dB in 0.35 s
    response[0] = 0.3
    echoing = np.convolve(probe_sound(16_000), response) * 8_000
    around = room()
    around[PLAYED_AT + 640 : PLAYED_AT + 640 + len(echoing)] += echoing[: len(around) - PLAYED_AT - 640]
    heard = find(around.astype(np.int16), PLAYED_AT)
    assert heard
    assert heard.delay_samples == pytest.approx(640, abs=16)


@pytest.mark.parametrize("speed", SPEEDS[1:])
def test_the_speed_of_a_card_that_runs_at_a_rate_of_its_own(speed: float) -> None:
    heard = find(heard_in(room(8), 700, 0.2, speed), PLAYED_AT)
    assert heard
    assert heard.speed == speed
    assert heard.delay_samples == pytest.approx(700, abs=2)


def test_the_level_of_its_tone() -> None:
    heard = find(heard_in(room(), 0, 0.1), PLAYED_AT)
    assert heard
    assert heard.level_dbfs == pytest.approx(-20 - 9 - 3, abs=0.2)
    assert heard.distortion < 0.01
    assert heard.clipped_samples == 0


@pytest.mark.parametrize(("drive", "low", "high"), [(0.3, 0.0, 0.02), (2.0, 0.1, 0.4)])
def test_distortion(drive: float, low: float, high: float) -> None:
    around = room()
    sound = np.tanh(probe_sound(16_000) * 3 * drive) / drive * 3_000
    around[PLAYED_AT : PLAYED_AT + len(sound)] += sound
    heard = find(around.astype(np.int16), PLAYED_AT)
    assert heard
    assert low <= heard.distortion <= high


def test_what_hums_in_the_room_is_no_distortion() -> None:
    hum = 400 * np.sin(2 * np.pi * 2_000 * np.arange(72_000) / 16_000)
    heard = find(heard_in(room() + hum, 0, 0.1), PLAYED_AT)
    assert heard
    assert heard.distortion < 0.05


def test_clipping_is_counted() -> None:
    heard = find(heard_in(room(), 0, 4.0), PLAYED_AT)
    assert heard
    assert heard.clipped_samples > 1_000


@pytest.mark.parametrize("rms", [0, 3, 3_000])
def test_a_room_without_it(rms: float) -> None:
    assert find(room(rms=rms).clip(-32_768, 32_767).astype(np.int16), PLAYED_AT) is None


@pytest.mark.parametrize("part", ["up", "down"])
def test_half_of_it_is_not_it(part: str) -> None:
    sound = probe_sound(16_000) * 10_000
    half = len(sound) // 3
    sound[: half if part == "up" else len(sound)][half if part == "down" else 0 :] = 0
    around = room()
    around[PLAYED_AT : PLAYED_AT + len(sound)] += sound
    assert find(around.astype(np.int16), PLAYED_AT) is None


def test_a_recording_that_is_too_short() -> None:
    assert find(np.zeros(PLAYED_AT + int(LENGTH_S * 16_000) // 4, np.int16), PLAYED_AT) is None


def test_people_who_talk_are_not_taken_for_it(recordings: Path) -> None:
    files = sorted((recordings / "picovoice_wwb/audio/alexa").glob("*"))[: 20 if THOROUGH else 10]
    talk = np.concatenate([read_audio(path) for path in files])
    for at in range(0, len(talk) - 80_000, 80_000):
        assert find(talk[at : at + 80_000], PLAYED_AT) is None


def test_the_bar_for_being_sure_is_above_chance() -> None:
    assert SURE > 0.11, "what speech and noise gave at most in nine minutes"
