"""`pipit wake --score`: what the wake word engine makes of recordings, each heard by itself, as in a quiet room."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.meter.hearing_meter import HearingMeter, Moment, Summary
from daemon.sound.pcm import samples_of_ms, silence
from daemon.sound.wav import read_recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from daemon.meter.hearing_meter import Scores, Voices

AFTER_MS: Final = 960
"""Some words are told only when they have been over for a while."""
COLUMNS: Final = ("file", "seconds", "best", "at", "woke to")


@dataclass(frozen=True)
class Scored:
    """One file; times are seconds in it."""

    file: str
    seconds: float
    best_score: float
    best_at_s: float
    fired: tuple[tuple[str, float], ...]
    moments: tuple[Moment, ...]

    def as_row(self) -> tuple[str, ...]:
        woke = ", ".join(f"{word} at {at_s:.2f}" for word, at_s in self.fired) or "-"
        return (self.file, f"{self.seconds:.2f}", f"{self.best_score:.2f}", f"{self.best_at_s:.2f}", woke)

    def as_json(self) -> dict[str, object]:
        told = asdict(self)
        del told["moments"]
        return told


def scored(path: Path, engine: Scores, voices: Voices) -> Scored:
    """Of an engine that has heard nothing yet. Raises AudioFileError."""
    samples = read_recording(path).samples
    meter = HearingMeter(engine, voices)
    meter.settle()
    moments = tuple(meter.add(np.concatenate((samples, silence(samples_of_ms(AFTER_MS))))))
    summary = Summary.of(moments)
    return Scored(
        file=str(path),
        seconds=len(samples) / samples_of_ms(1000),
        best_score=summary.best_score,
        best_at_s=summary.best_at_s,
        fired=summary.fired,
        moments=moments,
    )


def score_all(paths: Sequence[Path], make: Callable[[], tuple[Scores, Voices]]) -> list[Scored]:
    """`make` gives fresh ears: no file is heard through what was left of another. Raises AudioFileError."""
    return [scored(path, *make()) for path in paths]


def as_table(rows: Sequence[Scored]) -> str:
    cells = [COLUMNS, *(row.as_row() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    woke = sum(bool(row.fired) for row in rows)
    return "\n".join([*lines, f"{woke} of {len(rows)} woke it"])


def as_json(rows: Sequence[Scored]) -> str:
    return json.dumps([row.as_json() for row in rows], indent=2)


def strung(rows: Sequence[Scored]) -> list[Moment]:
    """All files one after the other, for one picture."""
    moments: list[Moment] = []
    for row in rows:
        offset_s = moments[-1].at_s if moments else 0.0
        moments += [replace(moment, at_s=offset_s + moment.at_s) for moment in row.moments]
    return moments
