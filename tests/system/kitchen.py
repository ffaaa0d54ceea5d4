"""A kitchen in simulated time: a card that plays what a playout gives it, and a microphone that hears that, and people.

Everything between the two cards is real: playout, echo path, wake word models. There is no thread, and no clock.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.hearing.own_words import OwnWords
from daemon.sound.capture import CaptureConverter
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.echo.speexdsp import SpeexCanceller, open_library
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, rounded, silence
from daemon.sound.playout import Playout
from daemon.sound.resample import resample
from daemon.wake.engine import WakeEngine
from hardware.base import PcmFormat
from hardware.fake import RecordingSpeaker
from tests.networks import remembering

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.base import PlayoutSource, Speaker

SPEAKER: Final = PcmFormat(rate_hz=REPLY_RATE_HZ, period_frames=480)
MICROPHONE: Final = PcmFormat(rate_hz=16_000, period_frames=320)
HELD_PERIODS: Final = 4
WAY_SAMPLES: Final = 80
"""From the card through the air, 1.7 m."""


class Kitchen:
    """`gain` is how loud the microphone hears what is played."""

    def __init__(self, models: Path, *, gain: float, cancelling: bool, guarded: bool = True) -> None:
        self.now_s = 0.0
        library = open_library() if cancelling else None
        self.path = EchoPath(SPEAKER, lambda: self.now_s, (lambda: SpeexCanceller(library)) if library else None)
        self.playout = Playout(SPEAKER, volume=1.0, notify=lambda _: None)
        self.engine = WakeEngine(["hey_jarvis"], models, strides=True, open_model=remembering)
        self.own = OwnWords(self.path.loopback, self.engine, 0.5)
        self.out: list[Samples] = []
        """What came of what the microphone heard."""
        self._converter = self.path.clean(CaptureConverter(MICROPHONE), MICROPHONE)
        self._guarded = guarded
        self._gain = gain
        self._sources: list[PlayoutSource] = []
        self.path.overhear(self._speaker)(self.playout)
        self._card: deque[bytes] = deque([bytes(SPEAKER.period_bytes)] * HELD_PERIODS)
        self._heard: list[Samples] = [silence(WAY_SAMPLES)]
        self._random = np.random.default_rng(2)
        self._position = 0
        self.plugged = True

    def _speaker(self, source: PlayoutSource) -> Speaker:
        self._sources.append(source)
        return RecordingSpeaker(SPEAKER, source)

    @property
    def position(self) -> int:
        """Up to where it has heard."""
        return self._position

    def live(self, seconds: float, said: Samples | None = None, *, muted: bool = False) -> int:
        """Let time pass, while somebody says this (16 kHz); how often it was woken."""
        periods = round(seconds * 50)
        voice = np.concatenate((silence(0) if said is None else said, silence(periods * 320)))
        return sum(self._period(voice[at * 320 : at * 320 + 320], muted=muted) for at in range(periods))

    def unplug(self) -> None:
        """The speaker's card is gone with what it held."""
        self.plugged = False
        self._sources[0].dropped()
        self._card = deque([bytes(SPEAKER.period_bytes)] * HELD_PERIODS)

    def replug(self) -> None:
        self.plugged = True

    def _period(self, voice: Samples, *, muted: bool) -> int:
        self.now_s += 0.02
        played = np.frombuffer(self._play(), "<i2")
        self._heard.append(resample(played, REPLY_RATE_HZ, 16_000)[:320] if played.any() else silence(320))
        self._heard = [np.concatenate(self._heard)]
        echo, self._heard[0] = self._heard[0][:320], self._heard[0][320:]
        hiss = self._random.normal(0, 8, 320)
        sound = silence(320) if muted else rounded((voice + echo * self._gain + hiss).astype(np.float32))
        self.out.append(self._converter.convert(sound.tobytes()))
        return self._listen(self.out[-1])

    def _play(self) -> bytes:
        if not self.plugged:
            return bytes(SPEAKER.period_bytes)
        (source,) = self._sources
        self._card.append(source.next_period(SPEAKER.period_frames))
        playing = self._card.popleft()
        source.period_written(SPEAKER.period_frames, HELD_PERIODS * SPEAKER.period_frames)
        return playing

    def _listen(self, samples: Samples) -> int:
        found = self.engine.process(samples, self._position)
        self._position += len(samples)
        own = [self._guarded and self.own.is_own(word, self.engine.decided_at) for word in found]
        return own.count(False)
