"""How bright it is, by how long a capacitor takes to charge through a photoresistor (LDR): one pin, no converter."""

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Final

import gpiozero  # type: ignore[import-untyped]

from hardware.base import Measured
from hardware.errors import HardwareError
from hardware.header.factory import PinFactory
from hardware.header.refusals import claiming, pin_errors

CHARGES: Final = 3
"""Of so many the shortest counts: a thread that is late makes a time longer, and nothing makes it shorter."""
DRAIN_S: Final = 0.01
"""1 µF is empty long before that, by a pin that drives low."""
BRIGHTEST_S: Final = 0.001
"""What 1 µF takes through 1.5 kΩ, which is an LDR in daylight."""
DARKEST_S: Final = 1.0
"""… and through 1.5 MΩ, which is one in the dark. Between the two brightness is told as eyes take it: by tenfolds."""

_log = logging.getLogger(__name__)


def _waited(charged: threading.Event, seconds: float) -> bool:
    return charged.wait(seconds)


class LightMeter:
    """Measures when it is asked; gpiozero's own does so all the time, in a thread. Implements `base.Sensor`."""

    def __init__(
        self,
        name: str,
        pin: int,
        factory: PinFactory,
        *,
        pause: Callable[[float], None] = time.sleep,
        wait: Callable[[threading.Event, float], bool] = _waited,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises HardwareError if the pin cannot be used. Time is real, and the kernel's, unless a test says."""
        self.name = name
        self._what = f"pin {pin} for {name!r}"
        self._pause = pause
        self._wait = wait
        self._now = now
        self._charged = threading.Event()
        self._at_s = 0.0
        with claiming(self._what):
            self._device = gpiozero.GPIODevice(pin, pin_factory=factory)
            self._listening()

    def read(self) -> tuple[Measured, ...]:
        """How bright it is, in percent. Blocks for a tenth of a second by day, for three at most in the dark.

        Raises HardwareError, also where the capacitor does not charge, or is charged at once.
        """
        with claiming(self._what):
            shortest_s = min(self._charge_s() for _ in range(CHARGES))
        tenfolds = math.log10(shortest_s / BRIGHTEST_S)
        return (Measured("brightness", 100 * (1 - tenfolds / math.log10(DARKEST_S / BRIGHTEST_S)), "%"),)

    def close(self) -> None:
        """Let go of the pin."""
        try:
            self._device.pin.when_changed = None
            self._device.close()
        except pin_errors() as error:
            _log.error("%s could not be let go: %s", self._what, error)

    def _charge_s(self) -> float:
        """How long it took from empty to what a pin takes for high, BRIGHTEST_S to DARKEST_S."""
        pin = self._device.pin
        pin.output_with_state(0)
        self._pause(DRAIN_S)
        if pin.state:
            self._listening()
            raise HardwareError(f'"{self.name}" is never low', fix="check its wires: the LDR goes to 3V3, not the pin")
        self._charged.clear()
        began_s = self._now()
        self._listening()
        if pin.state:  # it rose before edges were heard of
            return BRIGHTEST_S
        if not self._wait(self._charged, DARKEST_S):
            what = f'"{self.name}" does not charge within {DARKEST_S:g} s: it is very dark there, or a wire is loose'
            raise HardwareError(what, fix="say that it is dark there, or that its wires should be checked")
        return min(max(self._at_s - began_s, BRIGHTEST_S), DARKEST_S)

    def _listening(self) -> None:
        """Nothing pulls it, so that it charges through the LDR alone."""
        pin = self._device.pin
        pin.function = "input"
        pin.pull = "floating"
        pin.edges = "rising"
        pin.when_changed = self._rose

    # gpiozero's thread

    def _rose(self, ticks_s: float, _level: int) -> None:
        """By the kernel's own time of the edge, however late it is told."""
        if not self._charged.is_set():
            self._at_s = ticks_s
            self._charged.set()
