"""A light that can be dimmed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

from pydantic import Field, ValidationInfo, field_validator

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.led import shines
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.settings.field import Table, problem, setting, zero_or_more
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo
from hardware.base import Output, OutputState

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory

LEVEL_TOLERANCE = 0.005
"""Half a percent: what a level may differ from the one asked for, since people and models speak in whole percent."""


class LevelKeys(Table):
    """How bright it may be."""

    min_level: float = setting(0.0, 'Darkest level but off ("pwm" only).', ge=0, le=1, fix="write 0.2 for 20 percent")
    max_level: float = setting(1.0, 'Brightest level ("pwm" only).', gt=0, le=1, fix="write 0.8 for 80 percent")

    @field_validator("min_level", "max_level")
    @classmethod
    def _levels(cls, level: float, info: ValidationInfo) -> float:
        lowest = info.data.get("min_level", 0.0) if info.field_name == "max_level" else 0.0
        if level < lowest:
            raise problem(f"must not be below min_level, which is {lowest:.12g}, not {level:.12g}", "exchange the two")
        if info.field_name == "max_level" and level < 1 and info.data.get("safe") == "on":
            what = 'must be 1 for a device whose safe state is "on": nothing dims it while Pipit does not run'
            raise problem(what, 'use safe = "off", or remove max_level')
        return zero_or_more(0.01, level)


class Dimmed(Device, Protocol):
    """What the settings say of one besides."""

    @property
    def min_level(self) -> float: ...
    @property
    def max_level(self) -> float: ...


def _claim(device: Dimmed, factory: "PinFactory") -> Output:
    from hardware.header.output import GpioOutput, OutputSpec

    spec = OutputSpec(
        device.name,
        device.pin,
        dimmable=True,
        active_high=device.active == "high",
        safe_on=device.safe == "on",
        min_level=device.min_level,
        max_level=device.max_level,
    )
    return GpioOutput(spec, factory)


class _Dimming:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    async def set_level(
        self,
        device: Annotated[str, Field(description="Which device; only these can be dimmed.")],
        percent: Annotated[float, Field(description="Brightness in percent; 0 turns it off.", ge=0, le=100)],
        undo: Undo,
    ) -> Answer:
        """Dim a device or make it brighter. The answer says what level the device has now."""
        level = percent / 100
        with self._worked.noting(device, undo):
            self._worked.gate.set_level(device, level)
        state = self._worked.gate.read(device)
        if abs((state.level or 0.0) - level) > LEVEL_TOLERANCE or state.on != (level > 0):
            raise disobeyed(device, f"at {shown(percent)} percent", self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def _tools(worked: Worked, devices: Sequence[Dimmed]) -> list[Tool]:
    names = [device.name for device in devices]
    return [Tool.of(_Dimming(worked).set_level, choices={"device": names})]


def _percent(level: float) -> float:
    """As it was asked for: whole where it is whole, else to hundredths, as fine as a pin can be set."""
    percent = round(level * 100, 2)
    return int(percent) if percent.is_integer() else percent


def _words(state: OutputState, _device: Dimmed) -> Mapping[str, Any]:
    return {} if state.level is None else {"level_percent": _percent(state.level)}


PWM: Final[Kind[Dimmed]] = Kind(_claim, shines, frozenset(LevelKeys.model_fields), _tools, _words)
