"""A day in a home: 24 simulated hours of conversations, with connections that end and faults drawn from a seed.

No word is lost, no state sticks, nothing leaves unasked, no session is left open and no two are open at a time. What is
simulated is time, the sound cards, the networks of wake word and endpointing, and the people; see docs/testing.md.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.repetition import THOROUGH, repetitions
from tests.system.day.day import live_through
from tests.system.day.plan import CONVERSATIONS, day

if TYPE_CHECKING:
    from pathlib import Path

FIRST = int(os.environ.get("PIPIT_DAY_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("PIPIT_DAYS", "1")))
ASKED_FOR = os.environ.keys() & {"PIPIT_DAY_SEED", "PIPIT_DAYS"}
TALKS = repetitions("PIPIT_DAY_CONVERSATIONS", usually=CONVERSATIONS if ASKED_FOR else 20, thoroughly=CONVERSATIONS)
"""Conversations on each of them: a part of them, unless a day is asked for."""


@pytest.mark.parametrize("eager", [False, True] if THOROUGH else [False])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_is_lived_through(seed: int, eager: bool, tmp_path: Path, certificates: Path) -> None:
    shifts = [replace(shift, listening={**shift.listening, "eager": eager}) for shift in day(seed, TALKS)]
    report = live_through(seed, shifts, tmp_path, certificates)
    print(report)
    assert not report.complaints, report.failure()
    assert report.tally["conversations"] == TALKS
    assert bool(report.tally["requests taken back"]) == eager
    assert min(report.tally[what] for what in ("faults", "goAways", "resumptions", "failures told", "tool calls")) > 0
