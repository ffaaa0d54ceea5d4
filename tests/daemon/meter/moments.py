"""Moments that nobody heard."""

from typing import Any

from daemon.meter.hearing_meter import Moment

QUIET: dict[str, Any] = {
    "at_s": 0.08,
    "rms_dbfs": -60.0,
    "peak_dbfs": -50.0,
    "noise_dbfs": -62.0,
    "clipped": 0,
    "zero": False,
    "gate_open": False,
    "score": 0.0,
    "voice": 0.0,
}


def moment(**changes: Any) -> Moment:
    return Moment(**{**QUIET, **changes})
