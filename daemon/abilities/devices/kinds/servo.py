"""A servo: a flap, a blind, a hand that waves. It is led to an angle, and rests unpowered."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

from pydantic import Field

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.wired import Wired
from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo
from hardware.base import Output, OutputState
from hardware.header.angles import angle_of, level_of

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory


class Turned(Device, Protocol):
    """What the settings say of one besides."""

    @property
    def min_angle(self) -> float: ...
    @property
    def max_angle(self) -> float: ...


def _claim(device: Turned, factory: "PinFactory") -> Output:
    from hardware.header.servo_motor import GpioServo, ServoSpec

    high = device.active == "high"
    spec = ServoSpec(device.name, device.pin, high, min_angle=device.min_angle, max_angle=device.max_angle)
    return GpioServo(spec, factory)


class _Turning:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked, devices: Sequence[Turned]) -> None:
        self._worked = worked
        self._bounds = {device.name: (device.min_angle, device.max_angle) for device in devices}

    async def set_angle(
        self,
        device: Annotated[str, Field(description="Which device; only these can be turned.")],
        degrees: Annotated[float, Field(description="Angle in degrees; 0 is the middle.", ge=-90, le=90)],
        undo: Undo,
    ) -> Answer:
        """Turn a device to an angle. The answer says at which angle the device is now."""
        low, high = self._bounds[device]
        if not low <= degrees <= high:
            angles = f"{shown(low)} to {shown(high)} degrees"
            raise Refused(f'"{device}" can be turned to {angles}, not to {shown(degrees)}', fix=f"choose {angles}")
        async with self._worked.noting(device, undo):
            self._worked.gate.set_level(device, level_of(degrees, low, high))
        if not self._worked.gate.read(device).on:
            raise disobeyed(device, f"at {shown(degrees)} degrees", self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def _tools(worked: Worked, devices: Sequence[Turned]) -> list[Tool]:
    called = worked.called(device.name for device in devices)
    return [Tool.of(_Turning(worked, devices).set_angle, choices={"device": called})]


def _words(state: OutputState, device: Turned) -> Mapping[str, Any]:
    """Where it was led to last; nothing before that."""
    if not state.level:
        return {}
    return {"angle_degrees": round(angle_of(state.level, device.min_angle, device.max_angle), 1)}


def _turn(gate: Gate, name: str, _on: bool) -> None:
    gate.set_level(name, 1.0)  # to the end: it may stand anywhere, and turning it on would lead it to where it was last


_WIRED: Final = Wired(
    "A servo, led to an angle.",
    (("pin", "the signal, mostly orange or yellow"), ("5V", "+, mostly red: of its own supply"), ("GND", "-")),
    'name = "blind"\nkind = "servo"\npin = 5\nmin_angle = -60.0\nmax_angle = 60.0',
    "It rests without power once it is there, so that it neither hums nor trembles.",
    ("set_angle",),
)

SERVO: Final[Kind[Turned]] = Kind(
    _claim, lambda _: "turn", (_tools,), _words, switched=False, leave=_turn, in_rooms=False, wired=_WIRED
)
