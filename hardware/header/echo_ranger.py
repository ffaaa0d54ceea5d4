"""How far something is, by the echo of a sound: HC-SR04 and its like, on two pins."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import Final

from hardware.base import Measured
from hardware.errors import HardwareError
from hardware.header.bare_gpiozero import gpiozero
from hardware.header.factory import PinFactory
from hardware.header.refusals import claiming, leave, pin_errors

PINGS: Final = 3
"""Of so many the middle one counts: an echo may come by a detour, or be another's."""
PAUSE_S: Final = 0.06
"""From one to the next, until its echoes are gone (HC-SR04 data sheet)."""
PULSE_S: Final = 10e-6
"""What makes it begin."""
CM_A_SECOND: Final = 34_326 / 2
"""There and back, at 20 °C."""

_log = logging.getLogger(__name__)


class EchoRanger:
    """Measures when it is asked; gpiozero's own does so all the time. Implements `base.Sensor`."""

    def __init__(
        self,
        name: str,
        trigger_pin: int,
        echo_pin: int,
        factory: PinFactory,
        *,
        pause: Callable[[float], None] = time.sleep,
        deadline_s: float = PAUSE_S,
    ) -> None:
        """Raises HardwareError if a pin cannot be used. `pause` waits, for real unless a test says."""
        self.name = name
        self._what = f"pin {trigger_pin} or {echo_pin} for {name!r}"
        self._pause = pause
        self._deadline_s = deadline_s
        self._began_s: float | None = None
        self._lasted_s = 0.0
        self._heard = threading.Event()
        with claiming(self._what), ExitStack() as claimed:
            self._trigger = gpiozero.DigitalOutputDevice(trigger_pin, pin_factory=factory)
            claimed.callback(self._trigger.close)
            self._echo = gpiozero.DigitalInputDevice(echo_pin, pull_up=False, pin_factory=factory)
            self._echo.pin.when_changed = self._changed
            claimed.pop_all()

    def read(self) -> tuple[Measured, ...]:
        """The distance. Blocks for a fifth of a second. Raises HardwareError, also if there is no echo."""
        with claiming(self._what):
            heard = [self._ping() for _ in range(PINGS)]
        lasted = [seconds for seconds in heard if seconds is not None]
        if not lasted:
            raise HardwareError(f'"{self.name}" hears no echo', fix="check its wires, and that it has 5 V")
        return (Measured("distance", median(lasted) * CM_A_SECOND, "cm"),)

    def close(self) -> None:
        """Let go of the pins."""
        try:
            self._echo.pin.when_changed = None
            self._echo.close()
        except pin_errors() as error:
            _log.error("%s could not be let go: %s", self._what, error)
        leave(self._trigger, 0, repr(self.name))

    def _ping(self) -> float | None:
        """How long the echo's pulse was, in seconds; None if there was none."""
        self._began_s = None
        self._heard.clear()
        self._trigger.on()
        self._pause(PULSE_S)
        self._trigger.off()
        lasted = self._lasted_s if self._heard.wait(self._deadline_s) else None
        self._pause(PAUSE_S)
        return lasted

    # gpiozero's thread

    def _changed(self, ticks_s: float, level: int) -> None:
        """By the kernel's own times of the edges, however late they are told."""
        if level:
            self._began_s = ticks_s
        elif self._began_s is not None:
            self._lasted_s = ticks_s - self._began_s
            self._heard.set()
