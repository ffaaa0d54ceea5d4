"""Recorded commands as the end of speech hears them: in quiet, in noise, and with a hesitation put in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.conversation.events import UtteranceEnded
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.hearing.endpoint import HOP_SAMPLES, Endpoint, Endpointer
from daemon.sound.pcm import Samples, ms_of_samples, samples_of_ms
from daemon.sound.wav import read_audio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from daemon.hearing.pace import Pace
    from daemon.hearing.voice_activity import VoiceActivity

FRAME_SAMPLES: Final = samples_of_ms(10)
AFTER_MS: Final = 3_000
"""Silence, at the level of the recording's own, after each."""
HESITATIONS_MS: Final = (450, 600, 750)
CUT_MS: Final = -50
"""An end decided so long before the true one has cut somebody short."""


@dataclass(frozen=True)
class Clip:
    """What was judged of one recording, hop by hop, and where its speech truly ends, in samples."""

    heard: Sequence[tuple[float, float]]
    end: int

    def events(self, pace: Pace, *, eager: bool) -> Iterator[Endpoint]:
        endpointer = Endpointer(pace, eager=eager)
        endpointer.start(0)
        for number, (probability, amplitude) in enumerate(self.heard):
            yield from endpointer.hop(probability, number * HOP_SAMPLES, amplitude)

    def wait_ms(self, pace: Pace) -> float | None:
        """From the true end to the decision, as `pace` makes it; None if it never does."""
        return next((self._after_ms(event.at) for event in self.events(pace, eager=False) if _ends(event)), None)

    def request_ms(self, pace: Pace) -> float | None:
        """From the true end to when the request left that was not taken back: with a pause, or with the end."""
        left: Endpoint | None = None
        for event in self.events(pace, eager=True):
            if isinstance(event, UtterancePaused | UtteranceResumed):
                left = event if isinstance(event, UtterancePaused) else None
            elif _ends(event):
                return self._after_ms((left or event).at)
        return None

    def false_starts(self, pace: Pace) -> int:
        """Requests that were taken back."""
        return sum(isinstance(event, UtteranceResumed) for event in self.events(pace, eager=True))

    def _after_ms(self, at: int) -> float:
        return ms_of_samples(at) - ms_of_samples(self.end)


def _ends(event: Endpoint) -> bool:
    return isinstance(event, UtteranceEnded)


@dataclass(frozen=True)
class Waits:
    """Of many clips; None is an end that was never decided."""

    of_each_ms: Sequence[float | None]

    @property
    def cut(self) -> float:
        """The share that was cut short, in percent."""
        return 100 * sum(wait is not None and wait < CUT_MS for wait in self.of_each_ms) / len(self.of_each_ms)

    @property
    def _right_ms(self) -> list[float]:
        return [wait for wait in self.of_each_ms if wait is not None and wait >= CUT_MS]

    @property
    def median_ms(self) -> float:
        return float(np.median(self._right_ms))

    @property
    def p95_ms(self) -> float:
        return float(np.percentile(self._right_ms, 95))

    def __str__(self) -> str:
        never = sum(wait is None for wait in self.of_each_ms)
        return f"{self.cut:5.1f} % cut, median {self.median_ms:.0f}, p95 {self.p95_ms:.0f} ms, {never} never ended"


def waits(clips: Sequence[Clip], pace: Pace) -> Waits:
    return Waits([clip.wait_ms(pace) for clip in clips])


def clip(voice_activity: VoiceActivity, samples: Samples, noise: Samples | None, random: np.random.Generator) -> Clip:
    """`samples`, and with `noise` 10 dB below it, judged; its true end is looked for without."""
    quiet = random.normal(0, _floor(samples), samples_of_ms(AFTER_MS))
    alone = np.concatenate((samples, quiet)).clip(-32_768, 32_767).astype(np.int16)
    heard = alone if noise is None else _with_noise(alone, noise, random)
    return Clip(_judged(voice_activity, heard), _true_end(alone, _judged(voice_activity, alone)))


def _judged(voice_activity: VoiceActivity, samples: Samples) -> list[tuple[float, float]]:
    voice_activity.reset()
    probabilities = voice_activity.process(samples)
    hops = samples[: len(probabilities) * HOP_SAMPLES].reshape(-1, HOP_SAMPLES).astype(np.float32)
    return list(zip(probabilities, np.sqrt(np.square(hops).mean(axis=1)).tolist(), strict=True))


def _true_end(samples: Samples, judged: Sequence[tuple[float, float]]) -> int:
    """The last 10 ms near the detector's own end that are 10 dB above the floor, and within 40 dB of the peak."""
    last = max(number for number, (probability, _) in enumerate(judged) if probability >= 0.5)
    near = (last + 1) * HOP_SAMPLES // FRAME_SAMPLES
    levels, begin = _levels(samples), max(0, near - 25)
    loud = np.flatnonzero(levels[begin : near + 20] > max(_floor(samples) * 3.2, levels.max() / 100))
    return (begin + int(loud[-1]) + 1 if len(loud) else near) * FRAME_SAMPLES


def _levels(samples: Samples) -> np.ndarray:
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES).astype(np.float64)
    return np.asarray(np.sqrt(np.square(frames).mean(axis=1)))


def _floor(samples: Samples) -> float:
    return max(float(np.percentile(_levels(samples), 5)), 0.3)


def _with_noise(samples: Samples, noise: Samples, random: np.random.Generator) -> Samples:
    levels = _levels(samples)
    speech = np.sqrt(np.square(levels[levels > levels.max() / 10]).mean())
    begun = np.resize(np.roll(noise, -int(random.integers(len(noise)))), len(samples)).astype(np.float64)
    louder = speech / np.sqrt(np.square(begun).mean()) * 10 ** (-10 / 20)
    return (samples + begun * louder).clip(-32_768, 32_767).astype(np.int16)


def hesitating(samples: Samples, pause_ms: float, random: np.random.Generator) -> Iterator[Samples]:
    """`samples` with a pause put in, at every other gap between words that is quiet enough."""
    floor = _floor(samples)
    for gap in _gaps(samples)[::2]:
        pause = random.normal(0, floor, samples_of_ms(pause_ms)).astype(np.int16)
        fade, at = np.linspace(1, 0, FRAME_SAMPLES), gap * FRAME_SAMPLES
        before, after = samples[: at + 80].astype(np.float64), samples[at - 80 :].astype(np.float64)
        before[-FRAME_SAMPLES:] *= fade
        after[:FRAME_SAMPLES] *= fade[::-1]
        yield np.concatenate((before, pause, after)).astype(np.int16)


def _gaps(samples: Samples) -> list[int]:
    """Frames, at least 0.15 s apart: of each tenth of the speech the quietest, if it is at most 6 % of the loudest."""
    levels = _levels(samples)
    loud = np.flatnonzero(levels > max(_floor(samples) * 4, levels.max() / 50))
    begin, length = int(loud[0]), int(loud[-1]) + 1 - int(loud[0])
    smooth = np.convolve(levels, np.ones(3) / 3, "same")
    edges = [begin + int(length * share) for share in np.arange(0.15, 0.86, 0.1)]
    found: list[int] = []
    for low, high in pairwise(edges):
        quietest = low + int(np.argmin(smooth[low:high]))
        if smooth[quietest] <= levels.max() * 0.06 and (not found or quietest - found[-1] > 15):
            found.append(quietest)
    return found if length > 80 else []


def commands(recordings: Path) -> list[Samples]:
    """Several sentences, of several lengths, by many speakers."""
    return [read_audio(path) for path in sorted((recordings / "picovoice_s2i/data/speech/clean").glob("*.wav"))]


def short_commands(recordings: Path) -> list[Samples]:
    """One sentence of a second and a half, by many speakers."""
    folder = recordings / "dscripka_openWakeWord/notebooks/training_tutorial_data/positive"
    return [read_audio(path) for path in sorted(folder.glob("*.wav"))]


def noises(recordings: Path) -> dict[str, Samples | None]:
    kitchen = read_audio(recordings / "picovoice_s2i/data/noise/kitchen.wav")
    dishes = read_audio(next((recordings / "wids_bgnoise/data/_background_noise_").glob("*dishes*")))
    return {"clean": None, "kitchen": kitchen, "dishes": dishes}
