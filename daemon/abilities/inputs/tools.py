"""The tool that reads sensors and contacts, one, those of a room, or all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from daemon.abilities.inputs.kinds.input_kinds import KNOBS, SENSORS, switch_kind
from daemon.errors import PipitError
from daemon.names import folded
from daemon.tools.tool import Answer, Tool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from daemon.abilities.inputs.sensors import Sensors
    from daemon.abilities.inputs.settings import InputSettings
    from hardware.base import Measured, Switch

    Rows = Callable[[], Awaitable[list[dict[str, Any]]]]

EVERYTHING: Final = "everything"
UNASKED: Final = ("button", *KNOBS)
"""What is the same as soon as it has been pressed or turned."""


def sensor_tools(inputs: Sequence[InputSettings], switches: Mapping[str, Switch], sensors: Sensors) -> list[Tool]:
    """`read_sensor` for what can be asked for: all inputs but buttons and knobs. Nothing without any.

    `switches` are those on pins, by their names.
    """
    asked = [table for table in inputs if table.kind not in UNASKED]
    if not asked:
        return []
    rows = {table.name: _rows_of(table, switches, sensors) for table in asked}
    called = {said: table.name for table in asked for said in (table.name, *table.aliases)}
    rooms = {folded(table.room): table.room for table in reversed(asked) if table.room}
    called |= {room: room for room in rooms.values()} | {EVERYTHING: EVERYTHING}
    among = {table.name: [table.name] for table in asked} | {EVERYTHING: list(rows)}
    among |= {room: [table.name for table in asked if folded(table.room) == heard] for heard, room in rooms.items()}
    return [Tool.of(_Reading(rows, among).read_sensor, choices={"sensor": called})]


def _rows_of(table: InputSettings, switches: Mapping[str, Switch], sensors: Sensors) -> Rows:
    if table.kind in SENSORS:

        async def measured() -> list[dict[str, Any]]:
            reading = await sensors.read(table.name)
            return [_row(table.name, one, reading.age_s) for one in reading.measured]

        return measured
    switch, states = switches[table.name], switch_kind(table.kind).states

    async def stands() -> list[dict[str, Any]]:
        return [{"sensor": table.name, "state": states[0] if switch.read() else states[1]}]

    return stands


def _row(name: str, one: Measured, age_s: float) -> dict[str, Any]:
    row = {"sensor": name, "quantity": one.quantity, "value": round(one.value, 2), "unit": one.unit}
    return row | {"age_s": round(age_s, 1)}


class _Reading:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, rows: Mapping[str, Rows], among: Mapping[str, Sequence[str]]) -> None:
        self._rows = rows
        self._among = among

    async def read_sensor(
        self, sensor: Annotated[str, Field(description="Which sensor, or a room for all that is in it.")]
    ) -> Answer:
        """Read what sensors measure, and how doors, windows and motion sensors stand, now."""
        found = await asyncio.gather(*(self._read(name) for name in self._among[sensor]))
        readings = [row for rows in found for row in rows]
        failed = [row for row in readings if "error" in row]
        if len(failed) == len(readings) and failed:
            return {"error": failed[0]["error"], "fix": failed[0]["fix"]}
        return {"ok": True, "readings": readings}

    async def _read(self, name: str) -> list[dict[str, Any]]:
        try:
            return await self._rows[name]()
        except PipitError as error:
            return [{"sensor": name, "error": error.message, "fix": error.fix}]
