"""Pipit as a client of the run: `python -m tests.benchmarks.peers.client_pipit SETTINGS SOUND`.

With its own ALSA drivers, over cards that keep time; no key of a board is set, so the speaker's stream never pauses.
"""

import asyncio
import sys
import time
from pathlib import Path

import numpy as np

from daemon.doctor.bench.paced_cards import PacedCapture, PacedPlayback
from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers
from daemon.house.file import load_settings
from daemon.house.running import run
from daemon.house.supervision import Supervisor
from daemon.speech.making import speaker_format
from hardware.fake import as_pcm
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker
from tests.benchmarks.peers.client_log import note
from tests.benchmarks.peers.sound_card import GAP_S

HISS_RMS = 8
AFTERWARDS_S = 60
"""More than the run waits for, after the recording."""


class Capture(PacedCapture):
    """Notes when its recording begins."""

    def read(self) -> tuple[int, bytes]:
        if self._began_s is None:
            note("microphone")
        return super().read()


class Playback(PacedPlayback):
    """Notes when a sound begins, and when it has left the card, or went with a drop."""

    def __init__(self) -> None:
        super().__init__()
        self._sounds_to_s: float | None = None

    def write(self, data: bytes) -> int:
        sounds, now_s = any(data), time.monotonic()
        if sounds and self._sounds_to_s is None:
            note("sound", now_s)
        frames = super().write(data)
        if sounds:
            self._sounds_to_s = (self._began_s or now_s) + self._done / self._format.rate_hz
        elif self._sounds_to_s is not None and now_s - self._sounds_to_s > GAP_S:
            note("silence", self._sounds_to_s)
            self._sounds_to_s = None
        return frames

    def drop(self) -> int:
        if self._sounds_to_s is not None:
            self._sounds_to_s = min(self._sounds_to_s, time.monotonic())
        return super().drop()


async def main() -> None:
    sys.modules["PIL"] = None  # type: ignore[assignment]  # a device without a camera has none
    settings = load_settings(Path(sys.argv[1]))
    listening, speaking = microphone_format(settings.microphone), speaker_format(settings.speaker)
    hiss = np.random.default_rng(1).normal(0, HISS_RMS, AFTERWARDS_S * listening.rate_hz).astype(np.int16)
    sound = np.concatenate((np.fromfile(sys.argv[2], np.int16), hiss))
    capture = Capture(as_pcm(sound[: len(sound) // listening.period_frames * listening.period_frames], listening))
    microphone = AlsaMicrophone("paced", listening, open_pcm=capture)
    drivers = Drivers(
        microphone=lambda _: microphone,
        speaker=lambda _: lambda source: AlsaSpeaker("paced", speaking, source, open_pcm=Playback()),
    )
    await run(settings, Supervisor(environ={}), drivers)


if __name__ == "__main__":
    asyncio.run(main())
