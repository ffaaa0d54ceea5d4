"""The tools that work the maker's devices. Every answer is read back from the device, never assumed."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from daemon.errors import HardwareError
from daemon.tools.gate import Gate
from daemon.tools.tool import Answer, Tool
from hardware.base import Output

LEVEL_TOLERANCE = 0.005
"""Half a percent: what a level may differ from the one asked for, since people and models speak in whole percent."""


def device_tools(outputs: Sequence[Output], gate: Gate) -> list[Tool]:
    """`set_device`, `list_devices` and, if something can be dimmed, `set_level`; nothing at all without devices."""
    if not outputs:
        return []
    devices = _Devices(outputs, gate)
    names = [output.name for output in outputs]
    dimmable = [output.name for output in outputs if output.dimmable]
    tools = [Tool.of(devices.set_device, choices={"device": names}), Tool.of(devices.list_devices)]
    if dimmable:
        tools.insert(1, Tool.of(devices.set_level, choices={"device": dimmable}))
    return tools


class _Devices:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, outputs: Sequence[Output], gate: Gate) -> None:
        self._outputs = outputs
        self._gate = gate

    async def set_device(
        self,
        device: Annotated[str, Field(description="Which device.")],
        state: Annotated[
            Literal["on", "off", "toggle"], Field(description="What it shall be; toggle is the other of the two.")
        ],
    ) -> Answer:
        """Turn a device on or off. The answer says what state the device is in now."""
        on = state == "on" if state != "toggle" else not self._gate.read(device).on
        self._gate.switch(device, on)
        if self._gate.read(device).on != on:  # what does not turn off was reported by the gate
            raise _disobeyed(device, "on", self._state(device))
        return {"ok": True, **self._state(device)}

    async def set_level(
        self,
        device: Annotated[str, Field(description="Which device; only these can be dimmed.")],
        percent: Annotated[float, Field(description="Brightness in percent; 0 turns it off.", ge=0, le=100)],
    ) -> Answer:
        """Dim a device or make it brighter. The answer says what level the device has now."""
        level = percent / 100
        self._gate.set_level(device, level)
        state = self._gate.read(device)
        if abs((state.level or 0.0) - level) > LEVEL_TOLERANCE or state.on != (level > 0):
            raise _disobeyed(device, f"at {percent:g} percent", self._state(device))
        return {"ok": True, **self._state(device)}

    async def list_devices(self) -> Answer:
        """List all devices with their present state."""
        return {"ok": True, "devices": [self._state(output.name) for output in self._outputs]}

    def _state(self, device: str) -> dict[str, Any]:
        """What the device reports now, in the words of the answers."""
        state = self._gate.read(device)
        answer: dict[str, Any] = {"device": device, "state": "on" if state.on else "off"}
        if state.level is not None:
            answer["level_percent"] = round(state.level * 100)
        if state.on and (left := self._gate.seconds_left(device)) is not None:
            answer["turns_off_in_s"] = round(left)
        return answer


def _disobeyed(device: str, asked: str, state: dict[str, Any]) -> HardwareError:
    level = f" at {state['level_percent']} percent" if "level_percent" in state else ""
    return HardwareError(
        f'"{device}" was asked to be {asked}, but reports that it is {state["state"]}{level}',
        fix="say that it did not work; its wiring should be checked",
    )
