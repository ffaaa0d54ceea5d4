"""How warm the processor is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.base import Measured
from hardware.errors import DeviceMissing
from hardware.kernel.thermal_zone import ZONE, ProcessorThermometer
from tests.hardware.kernel.tree import put

if TYPE_CHECKING:
    from pathlib import Path


def test_thousandths_of_a_degree_or_none(tmp_path: Path) -> None:
    sensor = ProcessorThermometer("processor", tmp_path)
    with pytest.raises(DeviceMissing, match='"processor" is not there'):
        sensor.read()
    put(tmp_path, str(ZONE), "48312\n")
    assert sensor.read() == (Measured("temperature", 48.312, "°C"),)
