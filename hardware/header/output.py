"""What is switched or dimmed on a pin."""

import logging
from dataclasses import dataclass

from hardware.base import OutputState
from hardware.errors import HardwareError
from hardware.header.bare_gpiozero import gpiozero
from hardware.header.dimmer import Dimmer
from hardware.header.factory import PinFactory
from hardware.header.level_bounds import checked_level
from hardware.header.lines import WAVE_HZ
from hardware.header.refusals import claiming, leave, pin_errors

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One `[[device]]` of the settings, as far as the pin is concerned; levels are 0.0 to 1.0."""

    name: str
    pin: int
    dimmable: bool = False
    active_high: bool = True
    safe_on: bool = False
    min_level: float = 0.0
    max_level: float = 1.0
    tone_hz: float = 0.0
    """What is on is a wave of this frequency, high for half of the time; 0 is a steady level."""


class GpioOutput:
    """A lamp, relay or dimmable light. Goes to its safe state when made and when closed, without a moment of another.

    Closed, it is still driven; its line is let go with the factory. After that, and after a crash, the kernel of
    Raspberry Pi OS keeps a pin's last level, so that a new process has to make it safe (raspberrypi/linux #6117).
    """

    def __init__(self, spec: OutputSpec, factory: PinFactory) -> None:
        """Raises HardwareError if the pin cannot be used."""
        self.name = spec.name
        self.dimmable = spec.dimmable
        self._spec = spec
        pin, first, high = spec.pin, self._value(spec.safe_on), spec.active_high
        with claiming(f"pin {pin} for {spec.name!r}"):
            self._device = (
                Dimmer(pin, active_high=high, initial_value=first, pin_factory=factory, wave_hz=spec.tone_hz or WAVE_HZ)
                if self.dimmable or spec.tone_hz
                else gpiozero.OutputDevice(pin, active_high=high, initial_value=first, pin_factory=factory)
            )

    def switch(self, on: bool) -> None:
        """On is full on, or `max_level` of a dimmable device. Raises HardwareError if the pin fails."""
        self._write(self._value(on))

    def set_level(self, level: float) -> None:
        """0.0, which is off, or `min_level` to `max_level`, in hundredths of a percent.

        Raises HardwareError on a device without levels or for one out of bounds: a level is refused, never clamped,
        so that nobody is told of a level that was not set.
        """
        if not self.dimmable:
            raise HardwareError(f"{self.name!r} has no levels", fix="switch it on or off, or make it a pwm device")
        self._write(checked_level(self.name, level, self._spec.min_level, self._spec.max_level))

    def read(self) -> OutputState:
        """Read back from the pin. Raises HardwareError if that fails."""
        with claiming(f"pin {self._spec.pin} of {self.name!r}"):
            value = float(self._device.value)
        return OutputState(on=value > 0, level=round(value, 4) if self.dimmable else None)

    def make_safe(self) -> None:
        """Go to the safe state; a pin that fails is reported to the log, for the next output must be made safe too."""
        try:
            self._device.value = self._value(self._spec.safe_on)
        except pin_errors() as error:
            _log.error("%r could not be made safe: %s", self.name, error)

    def close(self) -> None:
        """Go to the safe state and stay there without anybody: a dimmer that is safe on is fully on."""
        leave(self._device, 1.0 if self._spec.safe_on else 0.0, repr(self.name))

    def _value(self, on: bool) -> float:
        if not on:
            return 0.0
        return 0.5 if self._spec.tone_hz else self._spec.max_level if self.dimmable else 1.0

    def _write(self, value: float) -> None:
        with claiming(f"pin {self._spec.pin} of {self.name!r}"):
            self._device.value = value
