"""Buttons, lights and switched devices on the header's pins. gpiozero is known here and in the files gpio_*.py alone.

Every device is given its pin factory; gpiozero's global one, with its silent fall-backs to other libraries, is not
used.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

import gpiozero  # type: ignore[import-untyped]
from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped]

from hardware.base import OutputState
from hardware.errors import HardwareError
from hardware.header.gpiochip import header_chip, load_lgpio
from hardware.header.lines import header_factory, may_be_collected_any_time
from hardware.header.output import HALF_STEP, Dimmer, leave
from hardware.header.refusals import claiming, pin_errors
from hardware.header.rhythm import Step, rhythm_of

LEVEL_CHECK_S: Final = 0.05
"""How often a button's level is read besides its edges: 20 Hz. Edge callbacks can silently never fire
(gpiozero#697, #1090, #1136)."""

_log = logging.getLogger(__name__)


class PinFactory(Protocol):
    """A gpiozero pin factory, which has no types: devices get their pins from it, and whoever made it closes it."""

    def pin(self, name: int) -> Any: ...

    def close(self) -> None: ...


class Cancellable(Protocol):
    """A callback that is to come."""

    def cancel(self) -> None: ...


Later = Callable[[float, Callable[[], object]], Cancellable]
"""Calls back in the loop's thread after so many seconds."""


def on_the_loop(delay_s: float, callback: Callable[[], object]) -> Cancellable:
    """`call_later` of the running loop."""
    return asyncio.get_running_loop().call_later(delay_s, callback)


def pin_factory(kind: Literal["auto", "mock"], chip: str = "auto") -> PinFactory:
    """Real pins by lgpio, or gpiozero's own mock pins on a machine without any; `close()` it at the end.

    `chip` is "auto" for the one that drives the header, or a name such as "gpiochip4". Raises HardwareError with the
    way out if lgpio is missing, no chip fits or it may not be opened; never falls back to anything.
    """
    factory: PinFactory
    if kind == "mock":
        factory = MockFactory(pin_class=MockPWMPin)
        may_be_collected_any_time(factory)
        return factory
    lgpio = load_lgpio()
    with claiming("the GPIO chips"):
        number = header_chip(lgpio, chip)
    with claiming(f"gpiochip{number}"):
        factory = header_factory(lgpio, number)
    return factory


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


class GpioIndicator:
    """One light-emitting diode that shows patterns by rhythm (`hardware.header.rhythm`), paced by the event loop."""

    def __init__(self, pin: int, factory: PinFactory, *, active_high: bool = True, later: Later = on_the_loop) -> None:
        """`later` is the loop's `call_later` unless a test keeps the time."""
        self._pin = pin
        self._factory = factory
        self._active_high = active_high
        self._later = later
        self._pending: Cancellable | None = None
        self._steps: Iterator[Step] = iter(())

    async def __aenter__(self) -> Self:
        """Raises HardwareError if the pin cannot be used. The light is off at first, and at the end."""
        with claiming(f"pin {self._pin} for the indicator"):
            self._device = gpiozero.OutputDevice(self._pin, active_high=self._active_high, pin_factory=self._factory)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        leave(self._device, 0, f"the indicator on pin {self._pin}")

    def show(self, pattern: str) -> None:
        """Start the rhythm of `pattern` from its first step; an unknown name shows as off."""
        self._stop()
        self._steps = cycle(rhythm_of(pattern))
        self._advance()

    def _stop(self) -> None:
        if self._pending:
            self._pending.cancel()
            self._pending = None

    def _advance(self) -> None:
        step = next(self._steps)
        try:
            self._device.value = step.lit
        except pin_errors() as error:  # a light that fails is no reason to fall silent
            _log.error("the indicator on pin %d does not do as it is told: %s", self._pin, error)
            return
        if step.seconds is not None:
            self._pending = self._later(step.seconds, self._advance)


OutputKind = Literal["led", "relay", "pwm"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One `[[device]]` of the settings, as far as the pin is concerned. Levels are 0.0 to 1.0 and for "pwm" only."""

    name: str
    kind: OutputKind
    pin: int
    active_high: bool = True
    safe_on: bool = False
    min_level: float = 0.0
    max_level: float = 1.0


class GpioOutput:
    """A lamp, relay or dimmable light. Goes to its safe state when made and when closed, without a moment of another.

    Closed, it is still driven; its line is let go with the factory. After that, and after a crash, the kernel of
    Raspberry Pi OS keeps a pin's last level, so that a new process has to make it safe (raspberrypi/linux #6117).
    """

    def __init__(self, spec: OutputSpec, factory: PinFactory) -> None:
        """Raises HardwareError if the pin cannot be used."""
        self.name = spec.name
        self.dimmable = spec.kind == "pwm"
        self._spec = spec
        make = Dimmer if self.dimmable else gpiozero.OutputDevice
        with claiming(f"pin {spec.pin} for {spec.name!r}"):
            self._device = make(
                spec.pin, active_high=spec.active_high, initial_value=self._value(spec.safe_on), pin_factory=factory
            )

    def switch(self, on: bool) -> None:
        """On is full on, or `max_level` of a dimmable device. Raises HardwareError if the pin fails."""
        self._write(self._value(on))

    def set_level(self, level: float) -> None:
        """0.0, which is off, or `min_level` to `max_level`, in hundredths of a percent.

        Raises HardwareError on a device without levels or for one out of bounds: a level is refused, never clamped,
        so that nobody is told of a level that was not set.
        """
        low, high = self._spec.min_level, self._spec.max_level
        if not self.dimmable:
            raise HardwareError(f"{self.name!r} has no levels", fix="switch it on or off, or make it a pwm device")
        if not (level == 0 or (level > 0 and low - HALF_STEP <= level <= high + HALF_STEP)):
            raise HardwareError(
                f"level {level:g} is out of bounds for {self.name!r}",
                fix=f"choose 0, or a level from {low:g} to {high:g}",
            )
        self._write(min(level, high))

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
        return (self._spec.max_level if self.dimmable else 1.0) if on else 0.0

    def _write(self, value: float) -> None:
        with claiming(f"pin {self._spec.pin} of {self.name!r}"):
            self._device.value = value
