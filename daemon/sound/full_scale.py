"""Levels in dBFS: 0 is the loudest a sample can say, whatever its format."""

from __future__ import annotations

import math


def dbfs(amplitude: float, floor_dbfs: float) -> float:
    """`amplitude` 1.0 is full scale; below `floor_dbfs`, which is one step of the format, there is nothing."""
    return max(floor_dbfs, 20 * math.log10(max(amplitude, 1e-9)))
