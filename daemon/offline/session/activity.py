"""The server's own detection of turns: where speech starts and ends in a stream of 16 kHz samples. No I/O, no time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from daemon.offline.wire.client_messages import Detection
from daemon.sound.pcm import Samples, samples_of_ms, silence

HOP_SAMPLES: Final = 512
"""32 ms; the hop of Silero's models, so that one of them can be the detector."""

LEAD_IN_MS: Final = 300
"""Sound from before the start that belongs to the turn: soft first consonants lie below any threshold."""

PREFIX_PADDING_MS: Final = 20
SILENCE_DURATION_MS: Final = {"HIGH": 800, "LOW": 1_600}
"""Without a setting of the client, by end sensitivity. The service closes a turn at a 1.0 s pause (cookbook #1328)."""

THRESHOLDS: Final = {"HIGH": 0.5, "LOW": 0.8}
"""Probability from which a hop is speech, by start sensitivity."""

LONGEST_TURN_SAMPLES: Final = samples_of_ms(600_000)
"""Ten minutes, the longest connection of the service: what is said beyond is not kept."""


class SpeechDetector(Protocol):
    """Tells speech from other sound."""

    def process(self, samples: Samples) -> list[float]:
        """The probability of speech in each hop of 512 samples that `samples` completes."""
        ...


SpeechDetectorFactory = Callable[[], SpeechDetector]
"""A fresh detector for each session."""


class EnergyDetector:
    """Speech is what is `margin_db` louder than the background, which is learnt as the quietest of the last hops."""

    def __init__(self, margin_db: float = 12.0, quiet_dbfs: float = -55.0) -> None:
        """Nothing below `quiet_dbfs` (RMS) is speech, however silent the room."""
        self._margin_db = margin_db
        self._quiet_dbfs = quiet_dbfs
        self._recent: deque[float] = deque(maxlen=94)  # 3 s: longer than a phrase without a gap between words
        self._rest = silence(0)

    def process(self, samples: Samples) -> list[float]:
        pending = np.concatenate((self._rest, samples))
        whole = len(pending) // HOP_SAMPLES * HOP_SAMPLES
        self._rest = pending[whole:]
        return [self._probability(hop) for hop in pending[:whole].reshape(-1, HOP_SAMPLES)]

    def _probability(self, hop: Samples) -> float:
        level = _dbfs(hop)
        self._recent.append(level)
        threshold = max(min(self._recent) + self._margin_db, self._quiet_dbfs)
        return 1.0 if level > threshold else 0.0


def _dbfs(hop: Samples) -> float:
    """The RMS level of a hop, -100 for digital silence."""
    rms = float(np.sqrt(np.mean(np.square(hop, dtype=np.float64))))
    return 20 * float(np.log10(max(rms / 32768, 1e-5)))


@dataclass(frozen=True)
class SpeechStarted:
    """The user has begun to speak."""


@dataclass(frozen=True)
class SpeechEnded:
    """The user has finished; `audio` is the turn, from a little before the start to the end of the silence."""

    audio: Samples


class ActivityDetector:
    """Cuts a stream into turns, as `automaticActivityDetection` asks."""

    def __init__(self, detection: Detection, detector: SpeechDetector) -> None:
        padding_ms = PREFIX_PADDING_MS if detection.prefix_padding_ms is None else detection.prefix_padding_ms
        silence_ms = detection.silence_duration_ms or SILENCE_DURATION_MS[detection.end_sensitivity]
        self._start_hops = _hops(padding_ms)
        self._end_hops = _hops(silence_ms)
        self._lead_samples = samples_of_ms(LEAD_IN_MS) + self._start_hops * HOP_SAMPLES
        self._threshold = THRESHOLDS[detection.start_sensitivity]
        self._detector = detector
        self._speaking = False
        self._run = 0  # hops in a row that speak against the present state
        self._heard: list[Samples] = []
        self._rest = silence(0)

    def process(self, samples: Samples) -> list[SpeechStarted | SpeechEnded]:
        """What happened in `samples`, whatever their number."""
        pending = np.concatenate((self._rest, samples))
        events: list[SpeechStarted | SpeechEnded] = []
        position = 0
        for probability in self._detector.process(samples):
            events += self._hop(pending[position : position + HOP_SAMPLES], probability)
            position += HOP_SAMPLES
        self._rest = pending[position:]
        return events

    def stream_end(self) -> list[SpeechEnded]:
        """No more sound will come for now: a turn under way ends here."""
        if not self._speaking:
            return []
        return [self._end()]

    def _hop(self, hop: Samples, probability: float) -> list[SpeechStarted | SpeechEnded]:
        self._heard.append(hop)
        against = (probability < self._threshold) if self._speaking else (probability >= self._threshold)
        self._run = self._run + 1 if against else 0
        if self._speaking:
            if self._run >= self._end_hops or len(self._heard) * HOP_SAMPLES > LONGEST_TURN_SAMPLES:
                return [self._end()]
            return []
        if self._run >= self._start_hops:
            self._speaking, self._run = True, 0
            return [SpeechStarted()]
        del self._heard[: max(0, len(self._heard) - self._lead_samples // HOP_SAMPLES)]
        return []

    def _end(self) -> SpeechEnded:
        audio = np.concatenate(self._heard)
        self._speaking, self._run, self._heard = False, 0, []
        return SpeechEnded(audio)


def _hops(ms: int) -> int:
    """As many hops as it takes to last `ms`, at least one."""
    return max(1, -(-samples_of_ms(ms) // HOP_SAMPLES))
