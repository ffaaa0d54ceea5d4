"""The figures of this machine, measured once a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.bench.bench import Bench, bench
from tests.daemon.doctor.bench.measuring import site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def measured(models: Path) -> Bench:
    return bench(site(models), seconds=1)
