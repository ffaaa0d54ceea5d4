"""A push button on a pin."""

import asyncio
import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Literal, Self

from hardware.header.bare_gpiozero import gpiozero
from hardware.header.factory import PinFactory
from hardware.header.pacing import Cancellable, Later, on_the_loop
from hardware.header.refusals import claiming, pin_errors

LEVEL_CHECK_S: Final = 0.05
"""How often a button's level is read besides its edges: 20 Hz. Edge callbacks can silently never fire
(gpiozero#697, #1090, #1136)."""

_log = logging.getLogger(__name__)


class GpioButton:
    """A push button between a pin and ground (`pull="up"`) or 3.3 V (`pull="down"`)."""

    def __init__(
        self,
        pin: int,
        factory: PinFactory,
        *,
        pull: Literal["up", "down"] = "up",
        bounce_ms: float = 30,
        clock: Callable[[], float] = time.monotonic,
        later: Later = on_the_loop,
    ) -> None:
        """`clock` (seconds) dates the edges, `later` paces the level check; both are real time unless a test says."""
        self.on_pressed: Callable[[], None] | None = None
        self.on_released: Callable[[float], None] | None = None
        self._pin = pin
        self._factory = factory
        self._pull_up = pull == "up"
        self._bounce_s = bounce_ms / 1000
        self._clock = clock
        self._later = later
        self._checking: Cancellable | None = None
        self._down = False
        self._pressed_at: float | None = None
        self._seen_differing = False
        self._unread = False

    async def __aenter__(self) -> Self:
        """Raises HardwareError if the pin cannot be used. A button held down by now counts from its next press on."""
        self._loop = asyncio.get_running_loop()
        with claiming(f"pin {self._pin} for the button"):
            # Not gpiozero.Button, which starts a thread for holds that nobody asks for here.
            self._device = gpiozero.DigitalInputDevice(
                self._pin, pull_up=self._pull_up, bounce_time=self._bounce_s, pin_factory=self._factory
            )
        self._down = self._device.is_active
        self._device.when_activated = self._edge_down
        self._device.when_deactivated = self._edge_up
        self._check_later()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._checking:
            self._checking.cancel()
        # gpiozero keeps callbacks by id() in the class, where another device could inherit them.
        self._device.when_activated = None
        self._device.when_deactivated = None
        self._device.close()

    @property
    def is_down(self) -> bool:
        """What the pin says now, bounce and all; for the open button."""
        return bool(self._device.is_active)

    # gpiozero's thread

    def _edge_down(self) -> None:
        self._loop.call_soon_threadsafe(self._moved, True, self._clock())  # noqa: FBT003  call_soon has no keywords

    def _edge_up(self) -> None:
        self._loop.call_soon_threadsafe(self._moved, False, self._clock())  # noqa: FBT003

    # The loop's thread

    def _moved(self, down: bool, at: float) -> None:
        if down == self._down:
            return
        self._down = down
        if down:
            self._pressed_at = at
            if self.on_pressed:
                self.on_pressed()
        elif self._pressed_at is not None:
            held_ms = (at - self._pressed_at) * 1000
            self._pressed_at = None
            if self.on_released:
                self.on_released(held_ms)

    def _check_later(self) -> None:
        self._checking = self._later(LEVEL_CHECK_S, self._check_level)

    def _check_level(self) -> None:
        """Catch up on a missed edge: what differs at two checks in a row is neither bounce nor an edge on its way."""
        try:
            differs = self._device.is_active != self._down
        except pin_errors() as error:
            if not self._unread:
                _log.error("the button on pin %d cannot be read: %s", self._pin, error)
            self._unread = True
            self._check_later()
            return
        self._unread = False
        if differs and self._seen_differing:
            _log.info("pin %d moved without an edge", self._pin)
            self._moved(not self._down, self._clock())
            differs = False
        self._seen_differing = differs
        self._check_later()
