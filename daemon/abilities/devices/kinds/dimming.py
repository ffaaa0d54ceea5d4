"""What can be set to a level: the tool for it, and the words of its answers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Protocol

from pydantic import Field

from daemon.abilities.devices.kinds.kind import Device
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo
from hardware.base import OutputState

LEVEL_TOLERANCE: Final = 0.005
"""Half a percent: what a level may differ from the one asked for, since people and models speak in whole percent."""


class Dimmed(Device, Protocol):
    """What the settings say of one besides."""

    @property
    def min_level(self) -> float: ...
    @property
    def max_level(self) -> float: ...


class _Dimming:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    async def set_level(
        self,
        device: Annotated[str, Field(description="Which device; only these have levels.")],
        percent: Annotated[float, Field(description="Brightness or speed in percent; 0 turns it off.", ge=0, le=100)],
        undo: Undo,
    ) -> Answer:
        """Set how bright a light or how fast a fan is. The answer says what level the device has now."""
        level = percent / 100
        async with self._worked.noting(device, undo, turning_on=None if level else False):
            self._worked.gate.set_level(device, level)
        if disobeys(self._worked.gate.read(device), level):
            raise disobeyed(device, f"at {shown(percent)} percent", self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def dimming(worked: Worked, devices: Sequence[Dimmed]) -> list[Tool]:
    """What sets them to a level."""
    return [Tool.of(_Dimming(worked).set_level, choices={"device": worked.called(device.name for device in devices)})]


def disobeys(state: OutputState, level: float) -> bool:
    """Whether it is not at the level that was asked for."""
    return abs((state.level or 0.0) - level) > LEVEL_TOLERANCE or state.on != (level > 0)


def level_words(state: OutputState, _device: Dimmed) -> Mapping[str, Any]:
    """What an answer says of its level: whole where it is whole, else to hundredths, as fine as a pin can be set."""
    if state.level is None:
        return {}
    percent = round(state.level * 100, 2)
    return {"level_percent": int(percent) if percent.is_integer() else percent}
