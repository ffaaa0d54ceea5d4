"""What is heard, hop by hop: the same engine, gate and voice activity that the appliance listens with.

Samples in, one `Moment` for each hop of 80 ms out. Synchronous, without a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from daemon.sound.full_scale import dbfs
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, silence
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.quiet_gate import QuietGate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from daemon.conversation.events import WakeWordDetected

FLOOR_DBFS: Final = -96.0
"""One step of 16 bits."""
SETTLING_SAMPLES: Final = 32 * HOP_SAMPLES
"""The engine ignores its first two seconds."""
_TOP, _BOTTOM = 32_767, -32_768


class Scores(Protocol):
    """What `daemon.wake.engine.WakeEngine` does."""

    @property
    def last_scores(self) -> Mapping[str, float]: ...
    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]: ...


class Voices(Protocol):
    """What `daemon.hearing.voice_activity.VoiceActivity` does."""

    def process(self, samples: Samples) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """80 ms. `at_s` is where they end; levels are in dBFS: 0 is the loudest a sample can say."""

    at_s: float
    rms_dbfs: float
    peak_dbfs: float
    noise_dbfs: float
    """The quietest that it was in the last three seconds."""
    clipped: int
    """Samples at either end of the scale."""
    zero: bool
    """Nothing but zeros: a microphone that is switched off."""
    gate_open: bool
    """Whether the wake word models listen, or rest as in a quiet room."""
    score: float
    """Of the likeliest wake word, 0 to 1; 0 while the models rest, and in the first two seconds."""
    voice: float
    """How likely somebody speaks, 0 to 1."""
    fired: tuple[str, ...] = ()
    """The wake words that it would have woken to."""


class HearingMeter:
    """Takes samples of 16 kHz mono in any pieces; what is no whole hop waits for more."""

    def __init__(self, engine: Scores, voices: Voices) -> None:
        self._engine = engine
        self._voices = voices
        self._gate = QuietGate()  # one of its own, which decides as the engine's does
        self._pending = silence(0)
        self._at = self._settled = 0
        self._voice = 0.0

    def settle(self) -> None:
        """Let the engine hear quiet for as long as it needs before a wake word counts; not a part of what is heard."""
        self._engine.process(silence(SETTLING_SAMPLES), self._at)
        self._at = self._settled = self._at + SETTLING_SAMPLES

    def add(self, samples: Samples) -> Iterator[Moment]:
        """The hops that these complete."""
        self._pending = np.concatenate((self._pending, samples))
        while len(self._pending) >= HOP_SAMPLES:
            hop, self._pending = self._pending[:HOP_SAMPLES], self._pending[HOP_SAMPLES:]
            yield self._moment(hop)

    def _moment(self, hop: Samples) -> Moment:
        fired = tuple(event.model for event in self._engine.process(hop, self._at))
        self._at += len(hop)
        self._voice = max(self._voices.process(hop), default=self._voice)
        is_open = self._gate.passes(hop)
        values = hop.astype(np.float32)
        return Moment(
            at_s=(self._at - self._settled) / CAPTURE_RATE_HZ,
            rms_dbfs=_level_dbfs(float(np.sqrt(np.mean(np.square(values))))),
            peak_dbfs=_level_dbfs(float(np.abs(values).max())),
            noise_dbfs=_level_dbfs(self._gate.floor_rms),
            clipped=int(np.count_nonzero((hop == _TOP) | (hop == _BOTTOM))),
            zero=not hop.any(),
            gate_open=is_open,
            score=max(self._engine.last_scores.values(), default=0.0),
            voice=self._voice,
            fired=fired,
        )


def _level_dbfs(amplitude: float) -> float:
    """Of an amplitude in steps of 16 bits."""
    return dbfs(amplitude / -_BOTTOM, FLOOR_DBFS)


@dataclass(frozen=True)
class Summary:
    """Many moments in a few figures."""

    seconds: float
    loudest_dbfs: float
    noise_dbfs: float
    """The median of the floor."""
    clipped: int
    zero_s: float
    open_share: float
    best_score: float
    best_at_s: float
    fired: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, moments: Sequence[Moment]) -> Summary:
        """Of one moment at least."""
        best = max(moments, key=lambda moment: moment.score)
        hop_s = HOP_SAMPLES / CAPTURE_RATE_HZ
        return cls(
            seconds=len(moments) * hop_s,
            loudest_dbfs=max(moment.peak_dbfs for moment in moments),
            noise_dbfs=float(np.median([moment.noise_dbfs for moment in moments])),
            clipped=sum(moment.clipped for moment in moments),
            zero_s=hop_s * sum(moment.zero for moment in moments),
            open_share=sum(moment.gate_open for moment in moments) / len(moments),
            best_score=best.score,
            best_at_s=best.at_s,
            fired=tuple((word, moment.at_s) for moment in moments for word in moment.fired),
        )
