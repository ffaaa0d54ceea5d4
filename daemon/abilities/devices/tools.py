"""The tools that work the maker's devices. Every answer is read back from the device, never assumed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.devices.working.guarded import Hold
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.errors import PipitError
from daemon.tools.tool import Answer, Answering, Progress, Tool
from daemon.tools.undo import Undo
from hardware.base import Output

PULSES_S: Final = 8.0
"""Longest time for all pulses of one call: a model that waits for its tools waits ten seconds at most."""
PAUSE_S: Final = 0.5
"""Between two pulses: long enough for a bell or a relay, and for people to tell them apart."""

Sleep = Callable[[float], Awaitable[None]]


def device_tools(
    outputs: Sequence[Output],
    gate: Gate,
    settings: Sequence[DeviceSettings] = (),
    *,
    sleep: Sleep = asyncio.sleep,
) -> list[Tool]:
    """`list_devices`, `set_device` and `pulse` for what is switched, and what each kind brings.

    Nothing without devices. `settings` are the tables of the outputs; one without is a dimmer if it has levels, or else
    a light.
    """
    if not outputs:
        return []
    tables = {device.name: device for device in settings or map(_table, outputs)}
    worked = worked_of(gate, tables.values(), sleep=sleep)
    devices = _Devices([tables[output.name] for output in outputs], worked, sleep)
    own: dict[Callable[[Worked, Sequence[DeviceSettings]], list[Tool]], list[DeviceSettings]] = {}
    workable = [table for output in outputs if not (table := tables[output.name]).read_only]
    for table in workable:
        for make in KINDS[table.kind].tools:
            own.setdefault(make, []).append(table)
    tools = [tool for make, of_it in own.items() for tool in make(worked, of_it)]
    listing = Tool.of(devices.list_devices)
    if switched := [table.name for table in workable if KINDS[table.kind].switched]:
        choices = {"device": worked.called(switched)}
        return [Tool.of(devices.set_device, choices=choices), *tools, listing, Tool.of(devices.pulse, choices=choices)]
    return [*tools, listing]


def worked_of(gate: Gate, tables: Iterable[DeviceSettings], *, sleep: Sleep = asyncio.sleep) -> Worked:
    """Devices as their kinds speak of them, by all their names."""
    by_name = {table.name: table for table in tables}
    return Worked(
        gate,
        lambda name, state: KINDS[by_name[name].kind].words(state, by_name[name]),
        {name: table.aliases for name, table in by_name.items()},
        sleep,
    )


def _table(output: Output) -> DeviceSettings:
    return DeviceSettings.model_construct(name=output.name, kind="pwm" if output.dimmable else "led")


def _about(table: DeviceSettings) -> dict[str, Any]:
    """What is always true of a device, as far as there is anything to say."""
    about = {"room": table.room, "also_called": list(table.aliases), "only_looked_at": table.read_only}
    return {key: value for key, value in about.items() if value}


class _Devices:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, tables: Sequence[DeviceSettings], worked: Worked, sleep: Sleep) -> None:
        self._about = {table.name: _about(table) for table in tables}
        self._gate = worked.gate
        self._worked = worked
        self._sleep = sleep

    async def set_device(
        self,
        device: Annotated[str, Field(description="Which device.")],
        state: Annotated[
            Literal["on", "off", "toggle"], Field(description="What it shall be; toggle is the other of the two.")
        ],
        undo: Undo,
    ) -> Answer:
        """Turn a device on or off. The answer says what state the device is in now."""
        on = state == "on" if state != "toggle" else not self._gate.read(device).on
        async with self._worked.noting(device, undo, turning_on=on):
            self._gate.switch(device, on)
        if self._gate.read(device).on != on:  # what does not turn off was reported by the gate
            raise disobeyed(device, "on", self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}

    async def list_devices(self) -> Answer:
        """List all devices with their present state."""
        return {"ok": True, "devices": [{**self._worked.state(name), **about} for name, about in self._about.items()]}

    async def pulse(
        self,
        device: Annotated[str, Field(description="Which device.")],
        seconds: Annotated[float, Field(description="How long each time.", ge=0.1, le=PULSES_S)] = 1.0,
        times: Annotated[int, Field(description="How often.", ge=1, le=8)] = 1,
    ) -> Answering:
        """Turn a device on for a moment, once or several times, as for a bell, a door or a signal; it ends off."""
        whole_s = times * seconds + (times - 1) * PAUSE_S
        if whole_s > PULSES_S:
            raise Refused(
                f"{times} times {shown(seconds)} s take {shown(whole_s)} s, and may take {shown(PULSES_S)} s with "
                "their pauses",
                fix="choose shorter pulses, or fewer",
            )
        done = 0
        try:
            with self._gate.held(device, times=times, seconds=seconds, pause_s=PAUSE_S) as hold:
                while done < times:
                    await self._pulse(device, seconds, hold)
                    done += 1
                    if done < times:
                        yield Progress({"ok": True, "device": device, "pulses": done, "of": times})
                        await self._sleep(PAUSE_S)
        except PipitError as error:
            if not done:
                raise
            yield {"error": error.message, "fix": error.fix, "device": device, "pulses": done, "of": times}
            return
        yield {"ok": True, **self._worked.state(device), "pulses": times}

    async def _pulse(self, device: str, seconds: float, hold: Hold) -> None:
        """On and off again. Raises Refused if somebody has turned it off since `hold`, in the midst of it or before."""
        if not hold.ended:
            await self._gate.prepare(device)
        if not hold.ended:
            self._gate.switch(device, on=True, hold=hold)
            if not self._gate.read(device).on:
                raise disobeyed(device, "on", self._worked.state(device))
            await self._sleep(seconds)
        if hold.ended:
            raise Refused(f'"{device}" was turned off while it was being pulsed', fix="leave it off")
        self._gate.switch(device, on=False, hold=hold)
