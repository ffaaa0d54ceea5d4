"""A machine to measure, and a figure of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.doctor.examining.patient import Patient
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.doctor.bench.bench import Bench


def site(models: Path) -> Patient:
    return Patient(settings=Settings.model_validate({"wake": {"models_dir": str(models.resolve())}}))


def value(measured: Bench, name: str) -> float:
    return next(figure.value for figure in measured.figures if figure.name == name)
