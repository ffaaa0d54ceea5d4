"""The tools that work the maker's devices. Every answer is read back from the device, never assumed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from daemon.abilities.devices.figures import shown
from daemon.abilities.devices.gate import Gate, Hold, Refused
from daemon.errors import HardwareError, PipitError
from daemon.tools.tool import Answer, Answering, Progress, Tool
from daemon.tools.undo import Undo
from hardware.base import Output

LEVEL_TOLERANCE = 0.005
"""Half a percent: what a level may differ from the one asked for, since people and models speak in whole percent."""

PULSES_S: Final = 8.0
"""Longest time for all pulses of one call: a model that waits for its tools waits ten seconds at most."""
PAUSE_S: Final = 0.5
"""Between two pulses: long enough for a bell or a relay, and for people to tell them apart."""

Sleep = Callable[[float], Awaitable[None]]


def device_tools(outputs: Sequence[Output], gate: Gate, *, sleep: Sleep = asyncio.sleep) -> list[Tool]:
    """`set_device`, `list_devices`, `pulse` and, if something can be dimmed, `set_level`; nothing without devices."""
    if not outputs:
        return []
    devices = _Devices(outputs, gate, sleep)
    names = [output.name for output in outputs]
    dimmable = [output.name for output in outputs if output.dimmable]
    tools = [Tool.of(devices.set_device, choices={"device": names}), Tool.of(devices.list_devices)]
    tools.append(Tool.of(devices.pulse, choices={"device": names}))
    if dimmable:
        tools.insert(1, Tool.of(devices.set_level, choices={"device": dimmable}))
    return tools


class _Devices:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, outputs: Sequence[Output], gate: Gate, sleep: Sleep) -> None:
        self._outputs = outputs
        self._gate = gate
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
        with self._noting(device, undo):
            self._gate.switch(device, on)
        if self._gate.read(device).on != on:  # what does not turn off was reported by the gate
            raise _disobeyed(device, "on", self._state(device))
        return {"ok": True, **self._state(device)}

    async def set_level(
        self,
        device: Annotated[str, Field(description="Which device; only these can be dimmed.")],
        percent: Annotated[float, Field(description="Brightness in percent; 0 turns it off.", ge=0, le=100)],
        undo: Undo,
    ) -> Answer:
        """Dim a device or make it brighter. The answer says what level the device has now."""
        level = percent / 100
        with self._noting(device, undo):
            self._gate.set_level(device, level)
        state = self._gate.read(device)
        if abs((state.level or 0.0) - level) > LEVEL_TOLERANCE or state.on != (level > 0):
            raise _disobeyed(device, f"at {shown(percent)} percent", self._state(device))
        return {"ok": True, **self._state(device)}

    async def list_devices(self) -> Answer:
        """List all devices with their present state."""
        return {"ok": True, "devices": [self._state(output.name) for output in self._outputs]}

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
        yield {"ok": True, **self._state(device), "pulses": times}

    async def _pulse(self, device: str, seconds: float, hold: Hold) -> None:
        """On and off again. Raises Refused if somebody has turned it off since `hold`, in the midst of it or before."""
        if not hold.ended:
            self._gate.switch(device, on=True, hold=hold)
            if not self._gate.read(device).on:
                raise _disobeyed(device, "on", self._state(device))
            await self._sleep(seconds)
        if hold.ended:
            raise Refused(f'"{device}" was turned off while it was being pulsed', fix="leave it off")
        self._gate.switch(device, on=False, hold=hold)

    @contextmanager
    def _noting(self, device: str, undo: Undo) -> Iterator[None]:
        """Note how to make the device as it was before what happens inside, if that changes it."""
        before = self._gate.mark(device)
        try:
            yield
        finally:  # a pin that failed may have changed all the same
            after = self._gate.mark(device)

            async def restore() -> None:
                self._gate.restore(device, before, after)

            if after.change != before.change:
                undo.add(restore)

    def _state(self, device: str) -> dict[str, Any]:
        """What the device reports now, in the words of the answers."""
        state = self._gate.read(device)
        answer: dict[str, Any] = {"device": device, "state": "on" if state.on else "off"}
        if state.level is not None:
            answer["level_percent"] = _percent(state.level)
        if state.on and (left := self._gate.seconds_left(device)) is not None:
            answer["turns_off_in_s"] = round(left)
        return answer


def _percent(level: float) -> float:
    """As it was asked for: whole where it is whole, else to hundredths, as fine as a pin can be set."""
    percent = round(level * 100, 2)
    return int(percent) if percent.is_integer() else percent


def _disobeyed(device: str, asked: str, state: dict[str, Any]) -> HardwareError:
    level = f" at {state['level_percent']} percent" if "level_percent" in state else ""
    return HardwareError(
        f'"{device}" was asked to be {asked}, but reports that it is {state["state"]}{level}',
        fix="say that it did not work; its wiring should be checked",
    )
