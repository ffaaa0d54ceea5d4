"""A thermometer on the 1-Wire bus, below a root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.ds18b20_input import DS18B20
from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.settings import InputSettings
from tests.hardware.kernel.tree import OUTSIDE, thermometer

if TYPE_CHECKING:
    from pathlib import Path


INPUT: dict[str, Any] = {"name": "it", "kind": "ds18b20"}


def measured(root: Path, **keys: Any) -> dict[str, float]:
    table = InputSettings.model_validate(INPUT | keys)
    return {seen.quantity: seen.value for seen in DS18B20.made(table, Source(root)).read()}


def test_each_is_read_by_its_address(tmp_path: Path) -> None:
    thermometer(tmp_path, "21437\n")
    thermometer(tmp_path, "-3250\n", "28-0316a2794700")
    assert measured(tmp_path, address=OUTSIDE) == {"temperature": pytest.approx(21.437)}
    assert measured(tmp_path, address="28-0316a2794700") == {"temperature": pytest.approx(-3.25)}


def test_what_its_memory_has_after_its_supply_failed_is_no_temperature() -> None:
    assert 85.0 in DS18B20.never
