"""A rotary encoder on two pins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from hardware.header.bare_gpiozero import gpiozero
from hardware.header.refusals import claiming

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from hardware.header.factory import PinFactory


class GpioKnob:
    """An encoder whose A and B connect to ground in turn, with a detent for each full cycle, as most have.

    Bounce is taken care of by gpiozero's state machine, which counts a detent only when its four edges came in order.
    Implements `hardware.base.Knob`.
    """

    def __init__(self, a: int, b: int, factory: PinFactory, *, name: str = "the knob") -> None:
        self.on_turned: Callable[[int], None] | None = None
        self._a = a
        self._b = b
        self._what = f"pin {a} or {b} for {name}"
        self._factory = factory

    async def __aenter__(self) -> Self:
        """Raises HardwareError if a pin cannot be used."""
        self._loop = asyncio.get_running_loop()
        with claiming(self._what):
            self._device = gpiozero.RotaryEncoder(self._a, self._b, max_steps=0, pin_factory=self._factory)
        self._device.when_rotated_clockwise = self._right
        self._device.when_rotated_counter_clockwise = self._left
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # gpiozero keeps callbacks by id() in the class, where another device could inherit them.
        self._device.when_rotated_clockwise = None
        self._device.when_rotated_counter_clockwise = None
        self._device.close()

    # gpiozero's thread

    def _right(self) -> None:
        self._loop.call_soon_threadsafe(self._turned, 1)

    def _left(self) -> None:
        self._loop.call_soon_threadsafe(self._turned, -1)

    # The loop's thread

    def _turned(self, detents: int) -> None:
        if self.on_turned:
            self.on_turned(detents)
