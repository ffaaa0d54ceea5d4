"""The clock of a memory."""

from __future__ import annotations

import pytest

from tests.daemon.abilities.memory.kept_memory import NOON
from tests.daemon.offline.live_client import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    clock = ManualClock()
    clock.advance(NOON)
    return clock
