"""A motor on an H-bridge with two inputs: one for each way. It rests stopped."""

from dataclasses import dataclass
from typing import Final

from hardware.base import OutputState
from hardware.header.channels import Channels
from hardware.header.factory import PinFactory
from hardware.header.level_bounds import checked_level

FORWARD: Final = "forward"
BACKWARD: Final = "backward"


@dataclass(frozen=True, slots=True)
class MotorSpec:
    """One motor of the settings: the pin of each way, and the speeds that it may have, from 0.0 to 1.0."""

    name: str
    forward_pin: int
    backward_pin: int
    active_high: bool = True
    min_level: float = 0.0
    max_level: float = 1.0


class GpioMotor:
    """Its modes are its ways, its level is its speed. The two pins are never on at the same time."""

    dimmable = True
    modes: tuple[str, ...] = (FORWARD, BACKWARD)
    opposed: bool = True

    def __init__(self, spec: MotorSpec, factory: PinFactory) -> None:
        """Raises HardwareError if one of the pins cannot be used."""
        self.name = spec.name
        self._spec: Final = spec
        self._way = FORWARD
        pins = (spec.forward_pin, spec.backward_pin)
        self._channels = Channels(spec.name, pins, factory, active_high=spec.active_high)

    def switch(self, on: bool) -> None:
        """On is as fast as may be, the way that it went last. Raises HardwareError if a pin fails."""
        self.choose(self._way, self._spec.max_level if on else 0.0)

    def set_level(self, level: float) -> None:
        """The way that it went last. Raises HardwareError for a speed out of bounds, or if a pin fails."""
        self.choose(self._way, level)

    def choose(self, mode: str, level: float) -> None:
        """Raises HardwareError for a speed out of bounds, or if a pin fails."""
        level = checked_level(self.name, level, self._spec.min_level, self._spec.max_level)
        self._way = mode
        self._channels.write((level, 0.0) if mode == FORWARD else (0.0, level))

    def read(self) -> OutputState:
        """Read back from the pins. Raises HardwareError if that fails."""
        forward, backward = self._channels.read()
        way = FORWARD if forward > backward else BACKWARD if backward else ""
        return OutputState(on=bool(way), level=round(max(forward, backward), 4), mode=way)

    def make_safe(self) -> None:
        """Stop. Never raises."""
        self._channels.make_safe()

    def close(self) -> None:
        """It stops, and stays stopped without anybody."""
        self._channels.close()
