"""Sensors that nobody asks: looked after now and then, and told once when they fail."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import ROUND_S, Sensors
from tests.daemon.abilities.inputs.entrance import table
from tests.hardware.kernel.tree import OUTSIDE, W1, bme280, thermometer

if TYPE_CHECKING:
    from pathlib import Path

GARDEN: dict[str, Any] = {"name": "garden", "kind": "ds18b20", "pin": None}
AIR: dict[str, Any] = {"name": "air", "kind": "iio", "pin": None}


class Rounds:
    """So many rounds, between which a test does something."""

    def __init__(self, root: Path, *tables: dict[str, Any]) -> None:
        self.now_s = 0.0
        self.told: list[tuple[str, str]] = []
        self.sensors = Sensors([table(**keys) for keys in tables], Source(root), lambda: self.now_s)
        self.sensors.watch(lambda name, wrong: self.told.append((name, wrong)))

    async def go(self, *between: Any) -> None:
        rest = iter([lambda: None, *between])

        async def passes(seconds: float) -> None:
            assert seconds == ROUND_S
            self.now_s += seconds
            if not (does := next(rest, None)):
                raise asyncio.CancelledError
            does()

        with pytest.raises(asyncio.CancelledError):
            await self.sensors.look_after(passes)


async def test_what_fails_is_told_once_beside_what_is_well_and_that_it_is_well_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bme280(tmp_path)
    file = thermometer(tmp_path, "21500\n")
    rounds = Rounds(tmp_path, GARDEN, AIR)
    folder, gone = tmp_path / W1 / OUTSIDE, tmp_path / "gone"
    with caplog.at_level(logging.INFO):
        await rounds.go(lambda: folder.rename(gone), lambda: None, lambda: None, lambda: gone.rename(folder))
    assert rounds.told == [("garden", '"garden" is not there'), ("garden", "")]
    assert len(caplog.messages) == 2
    assert file.exists()


async def test_one_that_is_stuck_for_a_day_is_told(tmp_path: Path) -> None:
    thermometer(tmp_path, "21500\n")
    rounds = Rounds(tmp_path, {**GARDEN, "frozen_after": 4})
    await rounds.go(lambda: None)
    assert rounds.told == []
    await rounds.go()
    [(name, wrong)] = rounds.told
    assert (name, "may be stuck" in wrong) == ("garden", True)


async def test_the_bounds_of_the_settings_count(tmp_path: Path) -> None:
    thermometer(tmp_path, "21500\n")
    rounds = Rounds(tmp_path, {**GARDEN, "max_value": 20.0})
    await rounds.go()
    assert rounds.told == [("garden", '"garden" reads 21.5 °C, and its max_value is 20')]


def test_what_is_no_sensor_is_none(tmp_path: Path) -> None:
    assert not Sensors([table()], Source(tmp_path), lambda: 0.0)
    assert Rounds(tmp_path, GARDEN).sensors
