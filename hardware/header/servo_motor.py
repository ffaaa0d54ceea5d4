"""A hobby servo on a pin: led to an angle by pulses, and left without them once it has had the time to get there."""

import logging
from dataclasses import dataclass
from typing import Final

from hardware.base import OutputState
from hardware.errors import HardwareError
from hardware.header.angles import LEAST, angle_of
from hardware.header.dimmer import Dimmer
from hardware.header.factory import PinFactory
from hardware.header.pacing import Cancellable, Later, on_the_loop
from hardware.header.refusals import claiming, leave, pin_errors

FRAME_HZ: Final = 50
"""One pulse in 20 ms; with the two widths below what gpiozero's AngularServo takes for granted."""
SHORTEST_S: Final = 0.001
LONGEST_S: Final = 0.002
FURTHEST_DEG: Final = 90.0
"""A pulse of SHORTEST_S stands for as much to the one side, of LONGEST_S to the other."""
TRAVEL_S: Final = 0.8
"""Pulses go on for so long: small servos take some 0.1 s for 60 degrees without a load, and are given their time."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServoSpec:
    """One servo of the settings: its pin, and the angles that it may be led to, in degrees from the middle."""

    name: str
    pin: int
    active_high: bool = True
    min_angle: float = -FURTHEST_DEG
    max_angle: float = FURTHEST_DEG


class GpioServo:
    """Rests unpowered, from the first moment on and again after each move. Its level is where it stands in its bounds.

    A level of LEAST is the lowest angle, 1.0 the highest; 0, which is off, leaves it where it is.
    """

    dimmable = True
    rests: Final = True

    def __init__(self, spec: ServoSpec, factory: PinFactory, *, later: Later = on_the_loop) -> None:
        """`later` paces the rest, in real time unless a test says. Raises HardwareError if the pin cannot be used."""
        self.name = spec.name
        self._spec = spec
        self._later = later
        self._resting: Cancellable | None = None
        self._level = 0.0
        with claiming(f"pin {spec.pin} for {spec.name!r}"):
            self._device = Dimmer(
                spec.pin, active_high=spec.active_high, initial_value=0, pin_factory=factory, wave_hz=FRAME_HZ
            )

    def switch(self, on: bool) -> None:
        """On leads it to where it was sent last, off lets it rest. Raises HardwareError if the pin fails."""
        self.set_level(self._level if on else 0)

    def set_level(self, level: float) -> None:
        """0 to rest, or LEAST to 1.0. Raises HardwareError for another, or if the pin fails."""
        if not (level == 0 or LEAST <= level <= 1):
            raise HardwareError(f"level {level:g} is out of bounds for {self.name!r}", fix=f"choose 0, or {LEAST} to 1")
        self._cancel()
        with claiming(f"pin {self._spec.pin} of {self.name!r}"):
            self._device.value = self._width_s(level) * FRAME_HZ if level else 0
        if level:
            self._level = level
            self._resting = self._later(TRAVEL_S, self.make_safe)

    def read(self) -> OutputState:
        """On while it is led; the level is where it was sent last. Raises HardwareError if the pin cannot be read."""
        with claiming(f"pin {self._spec.pin} of {self.name!r}"):
            return OutputState(on=float(self._device.value) > 0, level=self._level)

    def make_safe(self) -> None:
        """Let it rest; a pin that fails is reported to the log."""
        self._cancel()
        try:
            self._device.value = 0
        except pin_errors() as error:
            _log.error("%r could not be made safe: %s", self.name, error)

    def close(self) -> None:
        """It rests, and stays where it is."""
        self._cancel()
        leave(self._device, 0.0, repr(self.name))

    def _width_s(self, level: float) -> float:
        angle = angle_of(level, self._spec.min_angle, self._spec.max_angle)
        return SHORTEST_S + (angle + FURTHEST_DEG) / (2 * FURTHEST_DEG) * (LONGEST_S - SHORTEST_S)

    def _cancel(self) -> None:
        if self._resting:
            self._resting.cancel()
            self._resting = None
