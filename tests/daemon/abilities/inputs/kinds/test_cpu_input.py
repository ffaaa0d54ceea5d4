"""The processor's thermometer, below a root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.cpu_input import CPU
from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.settings import InputSettings
from hardware.errors import HardwareError
from hardware.kernel.thermal_zone import ZONE
from tests.hardware.kernel.tree import put

if TYPE_CHECKING:
    from pathlib import Path


INPUT: dict[str, Any] = {"name": "it", "kind": "cpu"}


def measured(root: Path, **keys: Any) -> dict[str, float]:
    table = InputSettings.model_validate(INPUT | keys)
    return {seen.quantity: seen.value for seen in CPU.made(table, Source(root)).read()}


def test_it_is_read_where_the_kernel_has_it(tmp_path: Path) -> None:
    put(tmp_path, str(ZONE), "48312\n")
    assert measured(tmp_path) == {"temperature": pytest.approx(48.312)}
    low, high = CPU.bounds["temperature"]
    assert low < 48.312 < high


def test_a_machine_without_one_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HardwareError):
        measured(tmp_path)
