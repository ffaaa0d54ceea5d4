"""The devices as their tools work them: through the gate, noted for undoing, and told as they report of themselves."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from daemon.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence

    from daemon.abilities.devices.working.gate import Gate
    from daemon.tools.undo import Undo
    from hardware.base import OutputState


class Worked:
    """`words` is what an answer says of a device's state besides whether it is on, `aliases` its other names."""

    def __init__(
        self,
        gate: Gate,
        words: Callable[[str, OutputState], Mapping[str, Any]],
        aliases: Mapping[str, Sequence[str]] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self.gate = gate
        self._words = words
        self._aliases = aliases or {}

    def called(self, devices: Iterable[str]) -> Mapping[str, str]:
        """Everything that these devices are called, and which is meant."""
        names = {name: name for name in devices}
        return names | {alias: name for name in names for alias in self._aliases.get(name, ())}

    @asynccontextmanager
    async def noting(self, device: str, undo: Undo, *, turning_on: bool | None = None) -> AsyncIterator[None]:
        """Note how to make the device as it was before what happens inside, if that changes it.

        What must outlive a restart is noted before, so that it may be turned on inside, unless it is turned off, which
        waits for nothing; and where it is known to be for turning on, the gap of an interlock is waited for.
        """
        if turning_on and (gap_s := self.gate.gap_left_s(device)):
            await self._sleep(gap_s)
        if turning_on is not False:
            await self.gate.prepare(device)
        before = self.gate.mark(device)
        try:
            yield
        finally:  # a pin that failed may have changed all the same
            after = self.gate.mark(device)

            async def restore() -> None:
                if self.gate.turns_on(device, before):
                    await self.gate.prepare(device)
                try:
                    self.gate.restore(device, before, after)
                finally:
                    self.gate.settle(device)

            if after.change != before.change:
                undo.add(restore)
            self.gate.settle(device)

    def state(self, device: str) -> dict[str, Any]:
        """What the device reports now, in the words of the answers."""
        state = self.gate.read(device)
        answer: dict[str, Any] = {"device": device, "state": "on" if state.on else "off"}
        answer |= self._words(device, state)
        if state.on and (left := self.gate.seconds_left(device)) is not None:
            answer["turns_off_in_s"] = round(left)
        return answer


def disobeyed(device: str, asked: str, state: dict[str, Any]) -> HardwareError:
    level = f" at {state['level_percent']} percent" if "level_percent" in state else ""
    return HardwareError(
        f'"{device}" was asked to be {asked}, but reports that it is {state["state"]}{level}',
        fix="say that it did not work; its wiring should be checked",
    )
