"""What is said in the simulated home, and ears for it.

The wake word is one level held for half a second, speech is noise that begins with a mark and its number, the room is
all but silent. So three simple rules stand for the wake word's network and Silero's, every utterance can be told from
every other sample for sample, and nobody else's noise is taken for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.conversation.events import WakeWordDetected
from daemon.hearing.listener import Listener
from daemon.hearing.making import endpointer_of
from daemon.hearing.voice_activity import WINDOW_SAMPLES
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples, samples_of_ms, silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.hearing.settings import ListeningSettings

WAKE_LEVEL: Final = 11_111
WAKE_MS: Final = 480
DATED_BACK_SAMPLES: Final = samples_of_ms(100)
"""A detection is dated before the end of the word (`daemon.wake.engine`)."""

HOP_SAMPLES: Final = samples_of_ms(80)
"""What the wake word's models look at at a time."""

MARK: Final = np.array([-12_345, 12_321, -11_223, 13_331], np.int16)
"""No utterance begins otherwise."""

LOUD: Final = 500
"""Mean level from which a window is speech; that of utterances is 8,000, that of the room 4."""

SOFT_SAMPLES: Final = samples_of_ms(100)
SOFTNESS: Final = 40
"""Words begin softly: Silero hears some no sooner (`daemon.conversation.rules.Rules.lead_in_samples`)."""


def room(seconds: float, random: np.random.Generator) -> Samples:
    """A quiet room."""
    return random.integers(-8, 9, round(seconds * CAPTURE_RATE_HZ), np.int16)


def wake_word() -> Samples:
    return np.full(samples_of_ms(WAKE_MS), WAKE_LEVEL, np.int16)


def utterance(number: int, seconds: float, hesitation_s: float = 0.0) -> Samples:
    """What is said for the `number`-th time, the same whenever it is asked for; `hesitation_s` is a pause in it."""
    random = np.random.default_rng(number)
    said = _noise(round(seconds * CAPTURE_RATE_HZ), random)
    said[:SOFT_SAMPLES] //= SOFTNESS
    said[: len(MARK)] = MARK
    said[len(MARK) : len(MARK) + 2] = divmod(number, 10_000)
    pause = room(hesitation_s, random)
    at = len(said) // 2
    return np.concatenate((said[:at], pause, said[at:]))


def numbers_said(audio: Samples) -> Iterator[int]:
    """The numbers of the utterances that begin in `audio`."""
    for at in np.flatnonzero(audio[: -len(MARK) - 1] == MARK[0]):
        if np.array_equal(audio[at : at + len(MARK)], MARK):
            high, low = audio[at + len(MARK) : at + len(MARK) + 2]
            yield int(high) * 10_000 + int(low)


LEAST_OVERLAP, MOST_OVERLAP = 32, 3_200
"""Samples: what is on its way when a pause is noticed stays sent, and is sent again with the rest. Fewer are chance."""


def put_together(before: Samples, after: Samples) -> Samples:
    """An utterance that went up as two; where the one ended and the other begins they may overlap."""
    overlaps = (n for n in range(min(len(before), len(after), MOST_OVERLAP), LEAST_OVERLAP, -1))
    overlap = next((n for n in overlaps if np.array_equal(before[-n:], after[:n])), 0)
    return np.concatenate((before, after[overlap:]))


def reply_sound(number: int, attempt: int, part: int, seconds: float) -> Samples:
    """A part of the reply to an utterance, told from every other and without a zero in it, 24 kHz."""
    return _noise(round(seconds * REPLY_RATE_HZ), np.random.default_rng((number, attempt, part)))


def _noise(samples: int, random: np.random.Generator) -> Samples:
    loud = random.integers(1_000, 16_000, samples, np.int16)
    return loud * random.choice(np.array([-1, 1], np.int16), samples)


@dataclass
class ScriptedEngine:
    """Stands for `daemon.wake.engine.WakeEngine`: hears the held level, and decides when the hop after it is over."""

    decided_at: int = 0
    gate: None = None
    last_scores: dict[str, float] = field(default_factory=dict)
    _pending: Samples = field(default_factory=lambda: silence(0))
    _word_end: int | None = None  # where the level was heard last, until that has been told

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]:
        self._pending = np.concatenate((self._pending, samples))
        begin = at + len(samples) - len(self._pending)
        events: list[WakeWordDetected] = []
        while len(self._pending) >= HOP_SAMPLES:
            hop, self._pending = self._pending[:HOP_SAMPLES], self._pending[HOP_SAMPLES:]
            events += self._hop(hop, begin)
            begin += HOP_SAMPLES
        return events

    def _hop(self, hop: Samples, begin: int) -> list[WakeWordDetected]:
        held = np.flatnonzero(hop == WAKE_LEVEL)
        if len(held) > HOP_SAMPLES // 4:
            self._word_end = begin + int(held[-1]) + 1
        if self._word_end is None or self._word_end == begin + HOP_SAMPLES:
            return []
        end, self._word_end = self._word_end, None
        self.decided_at = begin + HOP_SAMPLES
        return [WakeWordDetected("pipit", end - DATED_BACK_SAMPLES)]


@dataclass
class Loudness:
    """Stands for `daemon.hearing.voice_activity.VoiceActivity`: whatever is loud is speech."""

    _pending: Samples = field(default_factory=lambda: silence(0))

    def reset(self) -> None:
        self._pending = silence(0)

    def process(self, samples: Samples) -> list[float]:
        self._pending = np.concatenate((self._pending, samples))
        whole = len(self._pending) // WINDOW_SAMPLES * WINDOW_SAMPLES
        windows, self._pending = self._pending[:whole].reshape(-1, WINDOW_SAMPLES), self._pending[whole:]
        levels = np.add.reduce(np.abs(windows), axis=1, dtype=np.int64)  # a `mean` takes most of a quiet home's time
        return [0.95 if level > LOUD * WINDOW_SAMPLES else 0.02 for level in levels]


def ears(listening: ListeningSettings) -> Listener:
    """The listener and the endpointing are the product's own."""
    return Listener(ScriptedEngine(), Loudness(), endpointer_of(listening))  # type: ignore[arg-type]
