"""A motor on an H-bridge: forward, backward or stopped, for a while. It rests stopped."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol

from pydantic import Field

from daemon.abilities.devices.kinds.dimming import Dimmed, disobeys, level_words
from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.wired import Wired
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo
from hardware.base import Output, OutputState

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory


class TwoWay(Dimmed, Protocol):
    """What the settings say of one besides."""

    @property
    def backward_pin(self) -> int | None: ...


def _claim(device: TwoWay, factory: "PinFactory") -> Output:
    from hardware.header.motor_bridge import GpioMotor, MotorSpec

    assert device.backward_pin is not None  # noqa: S101  the settings see to it
    high, low, top = device.active == "high", device.min_level, device.max_level
    return GpioMotor(MotorSpec(device.name, device.pin, device.backward_pin, high, low, top), factory)


class _Running:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    async def run_motor(
        self,
        device: Annotated[str, Field(description="Which motor.")],
        direction: Annotated[Literal["forward", "backward", "stop"], Field(description="Which way, or stop.")],
        undo: Undo,
        percent: Annotated[float | None, Field(description="Speed; its last if left out.", ge=1, le=100)] = None,
    ) -> Answer:
        """Run a motor forward or backward, or stop it. It stops by itself after its longest time."""
        level = None if percent is None else percent / 100
        async with self._worked.noting(device, undo, turning_on=False if direction == "stop" else None):
            if direction == "stop":
                self._worked.gate.switch(device, on=False)
            else:
                self._worked.gate.set_level(device, level, direction)
        state = self._worked.gate.read(device)
        wrong = level is not None and direction != "stop" and disobeys(state, level)
        if wrong or state.mode != ("" if direction == "stop" else direction):
            raise disobeyed(device, direction, self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def _tools(worked: Worked, devices: Sequence[TwoWay]) -> list[Tool]:
    return [Tool.of(_Running(worked).run_motor, choices={"device": worked.called(device.name for device in devices)})]


def _words(state: OutputState, device: TwoWay) -> Mapping[str, Any]:
    direction = {"direction": state.mode} if state.mode else {}
    return {**direction, **level_words(state, device)}


_WIRED: Final = Wired(
    "A motor that goes two ways, by an H-bridge such as a DRV8833 or L298N.",
    (
        ("pin", "the input that turns it forward"),
        ("backward_pin", "the input that turns it backward"),
        ("GND", "GND of the bridge, and of its supply"),
    ),
    'name = "curtain"\nkind = "motor"\npin = 17\nbackward_pin = 27\nmax_on_s = 20.0\nmin_off_s = 0.5',
    "The two inputs are never on together. It stops after `max_on_s`, 60 s if nothing is said; "
    "with `min_off_s` it rests before it turns round.",
    ("run_motor",),
)

MOTOR: Final[Kind[TwoWay]] = Kind(
    _claim, lambda _: "run forward and stop", (_tools,), _words, switched=False, in_rooms=False, wired=_WIRED
)
