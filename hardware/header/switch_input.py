"""Something on a pin that is one of two ways: a button, a reed contact, a motion sensor."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hardware.header.bare_gpiozero import gpiozero
from hardware.header.factory import PinFactory
from hardware.header.pacing import Cancellable, Later, on_the_loop
from hardware.header.refusals import claiming, pin_errors

LOOK_S: Final = 2.0
"""How often its level is read besides its edges, which can silently be lost (gpiozero#697, #1090, #1136)."""
GLITCH_S: Final = 0.005
"""After an edge that has left no trace it is looked at again: it was noise on a long wire, or bounces."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SwitchSpec:
    """`active_high`: high is pressed, closed or seen, with a pull-down; else low is, with a pull-up."""

    name: str
    pin: int
    active_high: bool
    bounce_ms: float = 30


class GpioSwitch:
    """Tells a change with its first edge, and then nothing until the bounce is over. Implements `base.Switch`.

    The kernel's own debouncing would tell it only when the bounce is over, which is felt.
    """

    def __init__(self, spec: SwitchSpec, factory: PinFactory, *, later: Later = on_the_loop) -> None:
        """Raises HardwareError if the pin cannot be used. `later` is real time unless a test says."""
        self.name = spec.name
        self._what = f"pin {spec.pin} for {spec.name!r}"
        self._bounce_s = spec.bounce_ms / 1000
        self._later = later
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: Callable[[bool], None] = lambda _: None
        self._is = False
        self._noticed = self._unread = False
        self._settling: Cancellable | None = None
        self._looking: Cancellable | None = None
        with claiming(self._what):
            self._device = gpiozero.DigitalInputDevice(spec.pin, pull_up=not spec.active_high, pin_factory=factory)

    def read(self) -> bool:
        """What the pin says now, bounce and all. Raises HardwareError."""
        with claiming(self._what):
            return bool(self._device.is_active)

    def watch(self, changed: Callable[[bool], None]) -> None:
        """As it is now it begins, and that is not told. Needs a running loop. Raises HardwareError."""
        self._loop, self._changed, self._is = asyncio.get_running_loop(), changed, self.read()
        self._device.when_activated = self._device.when_deactivated = self._edge
        self._looking = self._later(LOOK_S, self._look_again)

    def close(self) -> None:
        """Tell nothing any more, and let go of the pin."""
        for waiting in (self._settling, self._looking):
            if waiting:
                waiting.cancel()
        watched, self._loop, self._changed = self._loop, None, lambda _: None
        try:
            if watched:  # gpiozero keeps callbacks by id() in the class, where another device could inherit them
                self._device.when_activated = self._device.when_deactivated = None
            self._device.close()
        except pin_errors() as error:
            _log.error("%s could not be let go: %s", self._what, error)

    # gpiozero's thread

    def _edge(self) -> None:
        """However many there are, the loop hears of one at a time, and of none while it bounces."""
        loop = self._loop
        if loop and not self._noticed and not self._settling:
            self._noticed = True
            loop.call_soon_threadsafe(self._look)

    # The loop's thread

    def _look(self) -> None:
        self._noticed = False
        if self._loop and not self._settling and not self._moved():
            self._settling = self._later(GLITCH_S, self._settled)

    def _moved(self) -> bool:
        """Whether it is the other way now, which is told."""
        level = self._level()
        if level is None or level == self._is:
            return False
        self._is = level
        self._settling = self._later(self._bounce_s, self._settled)
        self._changed(level)
        return True

    def _settled(self) -> None:
        self._settling = None
        self._moved()

    def _look_again(self) -> None:
        self._looking = self._later(LOOK_S, self._look_again)
        if not self._settling and not self._noticed and self._moved():
            _log.info("%s moved without an edge", self._what)

    def _level(self) -> bool | None:
        """None while it cannot be read, which is told once."""
        try:
            level = bool(self._device.is_active)
        except pin_errors() as error:
            if not self._unread:
                _log.error("%s cannot be read: %s", self._what, error)
            self._unread = True
            return None
        self._unread = False
        return level
