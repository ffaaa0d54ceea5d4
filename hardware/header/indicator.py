"""One light on a pin."""

import logging
from itertools import cycle
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from hardware.header.dimmer import Dimmer
from hardware.header.factory import PinFactory
from hardware.header.pacing import Cancellable, Later, on_the_loop
from hardware.header.refusals import claiming, leave, pin_errors
from hardware.header.rhythm import OFF, Rhythm, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DIMMED: Final = 0.04
"""Share of the time that a dimmed light is lit: it looks a quarter as bright (CIE 1976: a lightness of 24)."""

_log = logging.getLogger(__name__)


class GpioIndicator:
    """One light-emitting diode that shows each pattern by its rhythm of `rhythms`, paced by the event loop.

    It can be dimmed: what is lit is then a wave. Implements `hardware.base.Dimmable` too.
    """

    def __init__(
        self,
        pin: int,
        factory: PinFactory,
        rhythms: "Mapping[str, Rhythm]",
        *,
        active_high: bool = True,
        later: Later = on_the_loop,
    ) -> None:
        """`later` is the loop's `call_later` unless a test keeps the time."""
        self._pin = pin
        self._factory = factory
        self._rhythms = rhythms
        self._active_high = active_high
        self._later = later
        self._pending: Cancellable | None = None
        self._steps: Iterator[Step] = iter(())
        self._brightness = 1.0

    async def __aenter__(self) -> Self:
        """Raises HardwareError if the pin cannot be used. The light is off at first, and at the end."""
        with claiming(f"pin {self._pin} for the indicator"):
            self._device = Dimmer(self._pin, active_high=self._active_high, initial_value=0, pin_factory=self._factory)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        leave(self._device, 0, f"the indicator on pin {self._pin}")

    def show(self, pattern: str) -> None:
        """Start the rhythm of `pattern` from its first step; an unknown name shows as off."""
        self._stop()
        self._steps = cycle(self._rhythms.get(pattern, OFF))
        self._advance()

    def dim(self, dimmed: bool) -> None:
        """Less bright, or as bright as ever, from the next pattern that is shown on."""
        self._brightness = DIMMED if dimmed else 1.0

    def _stop(self) -> None:
        if self._pending:
            self._pending.cancel()
            self._pending = None

    def _advance(self) -> None:
        step = next(self._steps)
        try:
            self._device.value = self._brightness if step.lit else 0
        except pin_errors() as error:  # a light that fails is no reason to fall silent
            _log.error("the indicator on pin %d does not do as it is told: %s", self._pin, error)
            return
        if step.seconds is not None:
            self._pending = self._later(step.seconds, self._advance)
