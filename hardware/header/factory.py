"""The pins of the header by gpiozero, which is known in this folder alone.

Every device is given its pin factory; gpiozero's global one, with its silent fall-backs to other libraries, is not
used.
"""

from typing import Any, Literal, Protocol

from hardware.header.bare_gpiozero import mock_factory
from hardware.header.gpiochip import header_chip, load_lgpio
from hardware.header.lines import header_factory, may_be_collected_any_time
from hardware.header.refusals import claiming


class PinFactory(Protocol):
    """A gpiozero pin factory, which has no types: devices get their pins from it, and whoever made it closes it."""

    def pin(self, name: int) -> Any: ...

    def close(self) -> None: ...


def pin_factory(kind: Literal["auto", "mock"], chip: str = "auto") -> PinFactory:
    """Real pins by lgpio, or gpiozero's own mock pins on a machine without any; `close()` it at the end.

    `chip` is "auto" for the one that drives the header, or a name such as "gpiochip4". Raises HardwareError with the
    way out if lgpio is missing, no chip fits or it may not be opened; never falls back to anything.
    """
    factory: PinFactory
    if kind == "mock":
        factory = mock_factory()
        may_be_collected_any_time(factory)
        return factory
    lgpio = load_lgpio()
    with claiming("the GPIO chips"):
        number = header_chip(lgpio, chip)
    with claiming(f"gpiochip{number}"):
        factory = header_factory(lgpio, number)
    return factory
