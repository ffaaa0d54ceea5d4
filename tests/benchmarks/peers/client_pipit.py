"""Pipit as a client of the run: `python -m tests.benchmarks.peers.client_pipit SETTINGS SOUND`."""

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np

from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers
from daemon.house.file import load_settings
from daemon.house.running import run
from daemon.house.supervision import Supervisor
from daemon.speech.making import speaker_format
from hardware.base import PlayoutSource
from hardware.fake import HeardPeriod, RecordingSpeaker, WavMicrophone
from tests.benchmarks.peers.client_log import note
from tests.benchmarks.peers.sound_card import GAP_S


class Microphone(WavMicrophone):
    """Notes when its recording begins."""

    async def periods(self) -> AsyncIterator[bytes]:
        note("microphone")
        async for period in super().periods():
            yield period


class Onsets(deque[float]):
    """Notes when a sound begins."""

    def append(self, at_s: float) -> None:
        note("sound", at_s)


class Heard(deque[HeardPeriod]):
    """Notes when a sound has ended; keeps nothing."""

    def __init__(self) -> None:
        super().__init__(maxlen=1)
        self._ended_s: float | None = None

    def append(self, period: HeardPeriod) -> None:
        if any(period.pcm):
            self._ended_s = period.at_s
        elif self._ended_s is not None and period.at_s - self._ended_s > GAP_S:
            note("silence", self._ended_s)
            self._ended_s = None


async def main() -> None:
    sys.modules["PIL"] = None  # type: ignore[assignment]  # a device without a camera has none
    settings = load_settings(Path(sys.argv[1]))
    sound = np.fromfile(sys.argv[2], np.int16)
    microphone = Microphone(sound, microphone_format(settings.microphone), then_silence=True, hiss_rms=8)

    def speaker(source: PlayoutSource) -> RecordingSpeaker:
        made = RecordingSpeaker(speaker_format(settings.speaker), source)
        made.onsets_s, made.timeline = Onsets(), Heard()
        return made

    await run(settings, Supervisor(environ={}), Drivers(microphone=lambda _: microphone, speaker=lambda _: speaker))


if __name__ == "__main__":
    asyncio.run(main())
