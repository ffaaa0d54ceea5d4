"""Several pins of one device, each with levels: the colours of a light, the two ways of a motor."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from hardware.header.dimmer import Dimmer
from hardware.header.factory import PinFactory
from hardware.header.refusals import claiming, leave, pin_errors

_log = logging.getLogger(__name__)


class Channels:
    """The pins are claimed all at one level, 0.0 or 1.0, which is also where they are left; levels are read back."""

    def __init__(
        self, name: str, pins: Sequence[int], factory: PinFactory, *, active_high: bool, safe: float = 0.0
    ) -> None:
        """Raises HardwareError if one of the pins cannot be used; those before it are left safe then."""
        self._name = name
        self._safe: Final = safe
        self._pins = tuple(pins)
        with ExitStack() as claimed:
            self._dimmers = [self._claimed(claimed, pin, factory, active_high) for pin in self._pins]
            claimed.pop_all()

    def write(self, levels: Sequence[float]) -> None:
        """What goes off does so before anything goes on. Raises HardwareError if a pin fails."""
        channels = list(zip(self._pins, self._dimmers, levels, strict=True))
        for pin, dimmer, level in sorted(channels, key=lambda channel: channel[2] > 0):
            with claiming(f"pin {pin} of {self._name!r}"):
                if dimmer.value != level:
                    dimmer.value = level

    def read(self) -> tuple[float, ...]:
        """Raises HardwareError if a pin cannot be read."""
        return tuple(self._read(pin, dimmer) for pin, dimmer in zip(self._pins, self._dimmers, strict=True))

    def make_safe(self) -> None:
        """A pin that fails is reported to the log, for the others must be made safe too."""
        for pin, dimmer in zip(self._pins, self._dimmers, strict=True):
            try:
                dimmer.value = self._safe
            except pin_errors() as error:
                _log.error("pin %d of %r could not be made safe: %s", pin, self._name, error)

    def close(self) -> None:
        """They stay safe without anybody."""
        for dimmer in self._dimmers:
            leave(dimmer, self._safe, repr(self._name))

    def _claimed(self, claimed: ExitStack, pin: int, factory: PinFactory, active_high: bool) -> Dimmer:
        with claiming(f"pin {pin} for {self._name!r}"):
            dimmer = Dimmer(pin, active_high=active_high, initial_value=self._safe, pin_factory=factory)
        claimed.callback(leave, dimmer, self._safe, repr(self._name))
        return dimmer

    def _read(self, pin: int, dimmer: Dimmer) -> float:
        with claiming(f"pin {pin} of {self._name!r}"):
            return float(dimmer.value)
