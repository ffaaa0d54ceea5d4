"""The engine behind its first stage beside the engine alone: recordings of "alexa", in a quiet room and in noise."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from daemon.wake.first_stage import first_stage_of
from daemon.wake.melspectrogram import HOP_SAMPLES
from tests.daemon.wake.signals import hops, room_noise

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from tests.benchmarks.figures import Figures

pytest.importorskip("pymicro_wakeword")

EVERY: Final = 1 if "PIPIT_LONG_BENCHMARKS" in os.environ else 12
"""All of them take a quarter of an hour."""
BEFORE_S: Final = 5.0
KITCHEN, DISHES = "picovoice_s2i/data/noise/kitchen.wav", "wids_bgnoise/data/_background_noise_/doing_the_dishes.wav"
ROOMS: Final = {
    "clean": ("", 0),
    **{f"{n} {db} dB": (f, db) for n, f in (("kitchen", KITCHEN), ("dishes", DISHES)) for db in (10, 5)},
}


@dataclass
class Heard:
    """For each recording the events, and the sample at which the first was told."""

    events: list[list[tuple[int, int]]]
    told_at: list[int]


def rooms(recordings: Path, noise: str, snr_db: float) -> list[Samples]:
    """Each recording, with the room before and after it; the signal to noise ratio is that of its louder parts."""
    clips = [
        path
        for path in sorted(recordings.rglob("*"))
        if "alexa" in str(path).lower() and path.suffix in {".wav", ".flac"}
    ]
    background = read_audio(recordings / noise).astype(np.float64) if noise else None
    found = []
    for number, path in enumerate(clips[::EVERY]):
        clip = read_audio(path)
        lead = int(BEFORE_S * 16_000) + 97 * number % HOP_SAMPLES
        said = np.concatenate((np.zeros(lead), clip, np.zeros(16_000)))
        room = room_noise(len(said) / 16_000 + 0.001, seed=number)[: len(said)].astype(np.float64)
        if background is not None:
            begin = np.random.default_rng(number).integers(len(background) - len(said))
            part = background[begin : begin + len(said)]
            room += part * loudness(clip) / 10 ** (snr_db / 20) / np.sqrt(np.square(part).mean())
        found.append(np.clip(said + room, -32_768, 32_767).astype(np.int16))
    return found


def loudness(clip: Samples) -> float:
    """RMS of the blocks of 20 ms within 14 dB of the loudest."""
    power = np.square(clip[: len(clip) // 320 * 320].astype(np.float64).reshape(-1, 320)).mean(axis=1)
    return float(np.sqrt(power[power > power.max() / 25].mean()))


def heard(sounds: list[Samples], models: Path, *, staged: bool) -> Heard:
    found = Heard([], [])
    for sound in sounds:
        engine = WakeEngine(["alexa"], models, first_stage=first_stage_of(["alexa"], 0.5) if staged else None)
        events, told_at = [], -1
        for number, hop in enumerate(hops(sound)):
            for event in engine.process(hop, number * HOP_SAMPLES):
                events.append((event.at, engine.decided_at))
                told_at = told_at if told_at >= 0 else number * HOP_SAMPLES
        found.events.append(events)
        found.told_at.append(told_at)
    return found


@dataclass
class Compared:
    """In one room: what the engine alone detects, and how the one with its first stage differs."""

    detections: int
    lost: int
    more: int
    elsewhere: int
    late_ms: list[float]


def compared(alone: Heard, staged: Heard) -> Compared:
    events = [*zip(alone.events, staged.events, strict=True)]
    told = zip(events, alone.told_at, staged.told_at, strict=True)
    return Compared(
        detections=sum(bool(a) for a, _ in events),
        lost=sum(bool(a) and not s for a, s in events),
        more=sum(len(s) > len(a) for a, s in events),
        elsewhere=sum(a != s for a, s in events if a and s),
        late_ms=[(at - at_alone) / 16 for (a, s), at_alone, at in told if a and s],
    )


def test_alexa(recordings: Path, models: Path, figures: Figures) -> None:
    seen = []
    for name, (noise, snr_db) in ROOMS.items():
        sounds = rooms(recordings, noise, snr_db)
        room = compared(heard(sounds, models, staged=False), heard(sounds, models, staged=True))
        later = sum(ms > 0 for ms in room.late_ms)
        print(f"\n{name}: {len(sounds)} recordings, {room.detections} detections, {room.lost} lost, later: {later}")
        seen.append(room)
    detections, late_ms = sum(room.detections for room in seen), [ms for room in seen for ms in room.late_ms]
    recall = 1 - sum(room.lost for room in seen) / detections
    figures.at_least(0.995, "of 1", f"of {detections} detections", recall)
    figures.at_most(0, "recordings", "with more detections", sum(room.more for room in seen))
    figures.at_most(0, "recordings", "dated or decided elsewhere", sum(room.elsewhere for room in seen))
    figures.at_most(10, "ms", "told later, p99", float(np.percentile(late_ms, 99)))
