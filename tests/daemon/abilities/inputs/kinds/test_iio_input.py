"""Whatever industrial I/O has, below a root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.iio_input import IIO
from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.settings import InputSettings
from tests.hardware.kernel.tree import bme280, mcp3008

if TYPE_CHECKING:
    from pathlib import Path


INPUT: dict[str, Any] = {"name": "it", "kind": "iio"}


def measured(root: Path, **keys: Any) -> dict[str, float]:
    table = InputSettings.model_validate(INPUT | keys)
    return {seen.quantity: seen.value for seen in IIO.made(table, Source(root)).read()}


def test_all_that_a_sensor_measures_has_bounds(tmp_path: Path) -> None:
    bme280(tmp_path)
    seen = measured(tmp_path, address="bme280")
    assert seen == {
        "temperature": pytest.approx(21.42),
        "humidity": pytest.approx(48.123),
        "pressure": pytest.approx(1013.25),
    }
    assert seen.keys() <= IIO.bounds.keys()


def test_of_a_converter_one_channel_is_read(tmp_path: Path) -> None:
    mcp3008(tmp_path)
    assert measured(tmp_path, address="mcp3008", channel=3) == {"voltage": pytest.approx(1.65, abs=0.01)}
