"""A conversation's time line: what was heard, decided, sent, said and switched, and when."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from daemon.sound.pcm import Samples
from daemon.timeline.drawing import draw

QUIETEST_DBFS: Final = -96.0
"""Below the rounding of 16 bits: what silence counts as."""

LONGEST: Final = 60_000
"""Entries a lane keeps: twenty minutes of 20 ms periods."""

Reading = tuple[float, float]
"""When, in milliseconds from the start, and how much."""


def level_dbfs(samples: Samples) -> float:
    """The RMS level of `samples` relative to full scale, in decibels."""
    power = float(np.mean(samples.astype(np.float64) ** 2)) if len(samples) else 0.0
    return max(QUIETEST_DBFS, 10 * float(np.log10(power + 1e-12)) - 20 * float(np.log10(32_768)))


def lane() -> deque[Reading]:
    return deque(maxlen=LONGEST)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another; `end_ms` None means that it still lasts."""

    start_ms: float
    end_ms: float | None = None


@dataclass
class Timeline:
    """Everything that goes into the picture. Times are milliseconds from the start of the recording.

    Entries of one lane come in the order of their times. Bounded: of more than LONGEST in a lane the oldest go.
    """

    title: str
    subtitle: str = ""
    wake_threshold: float = 0.5
    microphone: deque[Reading] = field(default_factory=lane)  # dBFS, one entry for each 20 to 80 ms
    wake_score: deque[Reading] = field(default_factory=lane)  # 0 to 1, one entry for each hop
    speaker: deque[Reading] = field(default_factory=lane)  # dBFS; no entries while it is silent
    states: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=LONGEST))
    marks: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=LONGEST))
    activity: deque[Span] = field(default_factory=lambda: deque(maxlen=LONGEST))
    devices: dict[str, deque[Reading]] = field(default_factory=dict)  # 0 off to 1 fully on, from then on

    def heard(self, at_ms: float, samples: Samples) -> None:
        """`samples` of the microphone that begin at `at_ms`."""
        self.microphone.append((at_ms, level_dbfs(samples)))

    def scored(self, at_ms: float, score: float) -> None:
        """The wake engine gave the hop that ends at `at_ms` this score."""
        self.wake_score.append((at_ms, score))

    def spoke(self, at_ms: float, samples: Samples) -> None:
        """`samples` leave the speaker from `at_ms` on."""
        self.speaker.append((at_ms, level_dbfs(samples)))

    def entered(self, at_ms: float, state: str) -> None:
        """The conversation is in `state` from now on."""
        self.states.append((at_ms, state))

    def happened(self, at_ms: float, label: str) -> None:
        """Something worth a line of its own across all lanes."""
        self.marks.append((at_ms, label))

    def activity_started(self, at_ms: float) -> None:
        """Audio from `at_ms` on leaves the device."""
        self.activity.append(Span(at_ms))

    def activity_ended(self, at_ms: float) -> None:
        """… and from `at_ms` on no longer."""
        if self.activity and self.activity[-1].end_ms is None:
            self.activity.append(Span(self.activity.pop().start_ms, at_ms))

    def switched(self, at_ms: float, device: str, level: float) -> None:
        """`device` is on at `level` from now on, 0 being off. Told again that it is, nothing is added."""
        changes = self.devices.setdefault(device, lane())
        if not changes or changes[-1][1] != level:
            changes.append((at_ms, level))

    @property
    def end_ms(self) -> float:
        """The last moment anything is known of, at least one second."""
        readings = [self.microphone, self.wake_score, self.speaker, *self.devices.values()]
        moments = [at for entries in readings for at, _ in entries]
        moments += [at for entries in (self.states, self.marks) for at, _ in entries]
        moments += [span.end_ms or span.start_ms for span in self.activity]
        return max([1_000.0, *moments])

    def write_svg(self, path: Path) -> None:
        """Draw it. Raises OSError if `path` cannot be written."""
        path.write_bytes(draw(self))
