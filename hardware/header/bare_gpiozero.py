"""gpiozero, imported from here by whoever in this folder needs it, without what of it is of no use to single lines.

It imports all of itself, with its boards, SPI chips and colours, and looks for pin factories among all that is
installed: 3 MB, with what is needed for that.
"""

from typing import Any, Final

from hardware.stand_ins import NO_METADATA, stand_ins

_UNUSED: Final = {
    **{name: {} for name in ("gpiozero.boards", "gpiozero.spi_devices", "gpiozero.internal_devices", "colorzero")},
    **NO_METADATA,
}

with stand_ins(_UNUSED):
    import gpiozero  # type: ignore[import-untyped]

__all__ = ["gpiozero", "mock_factory"]


def mock_factory() -> Any:
    """gpiozero's own pins that are none, which can be dimmed."""
    with stand_ins(NO_METADATA):
        from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped]

    return MockFactory(pin_class=MockPWMPin)
