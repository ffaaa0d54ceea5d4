"""All that measures here: read when somebody asks, and looked after now and then, so that what fails is told."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from daemon.abilities.inputs.kinds.input_kinds import SENSORS, sensor_kind
from daemon.abilities.inputs.sensor_reader import Expected, Reader
from daemon.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from daemon.abilities.inputs.kinds.input_kind import Source
    from daemon.abilities.inputs.sensor_reader import Reading
    from daemon.abilities.inputs.settings import InputSettings

    Told = Callable[[str, str], None]
    """A sensor's name and what is wrong with it now; empty if it is well again."""

ROUND_S: Final = 300.0
"""How long a sensor that nobody asks may have failed before that is told."""


class Sensors:
    """A reader of each, by its name. The loop's thread only."""

    def __init__(self, inputs: Iterable[InputSettings], source: Source, now: Callable[[], float]) -> None:
        """`now` is a clock that is never set, in seconds. Raises HardwareError if a pin cannot be used."""
        self._watchers: list[Told] = []
        self._readers = {one.name: self._reader(one, source, now) for one in inputs if one.kind in SENSORS}

    def __bool__(self) -> bool:
        return bool(self._readers)

    async def read(self, name: str) -> Reading:
        """Raises HardwareError."""
        return await self._readers[name].read()

    def watch(self, told: Told) -> None:
        """Have told what is wrong with one as soon as that is known, and that it is well again."""
        self._watchers.append(told)

    async def look_after(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Read each, one after the other, every ROUND_S; until it is cancelled."""
        while True:
            for reader in self._readers.values():
                with suppress(HardwareError):  # the reader has told it
                    await reader.read()
            await sleep(ROUND_S)

    def _reader(self, table: InputSettings, source: Source, now: Callable[[], float]) -> Reader:
        kind = sensor_kind(table.kind)
        expected = Expected(table.min_value, table.max_value, table.frozen_after)
        return Reader(kind.made(table, source), kind, expected, now=now, told=partial(self._tell, table.name))

    def _tell(self, name: str, wrong: str) -> None:
        for told in self._watchers:
            told(name, wrong)
