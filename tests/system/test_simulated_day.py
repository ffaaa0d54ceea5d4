"""A day in a home: 200 conversations in 24 simulated hours, with connections that end and faults drawn from a seed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.system.day.day import live_through
from tests.system.day.plan import day

if TYPE_CHECKING:
    from pathlib import Path

FIRST = int(os.environ.get("PIPIT_DAY_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("PIPIT_DAYS", "1")))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_without_trouble(seed: int, tmp_path: Path, certificates: Path) -> None:
    report = live_through(seed, day(seed, light={}, grave={}), tmp_path, certificates)
    print(report)
    assert not report.complaints, "\n".join([*report.lines, *report.complaints])
