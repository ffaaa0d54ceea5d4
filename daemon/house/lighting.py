"""From `[indicator]` to the light itself: one on a pin, or a row or ring of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.lights.looks import RHYTHMS
from daemon.machine.facts import CONFIG_FILES
from hardware.boards.matching import board_of, config_lines
from hardware.sound.holder import card_of

if TYPE_CHECKING:
    from daemon.controls.indicator_settings import IndicatorSettings
    from daemon.house.settings import Settings
    from hardware.base import Indicator, Pixels
    from hardware.header.factory import PinFactory

USUAL_COUNT: Final = 3
"""Of APA102 where nobody says: what the small boards have."""


def light_of(settings: Settings, factory: PinFactory | None) -> Indicator | None:
    """The light of the settings, not open yet; None if there is none. `factory` is needed by those on pins."""
    table = settings.indicator
    if table.kind == "led":
        return _led(table, factory)
    pixels = pixels_of(settings, factory)
    if pixels is None:
        return None
    from daemon.lights.pixel_indicator import PixelIndicator

    return PixelIndicator(pixels, palette=table.colours, brightness_percent=table.brightness_percent)


def pixels_of(settings: Settings, factory: PinFactory | None) -> Pixels | None:
    """The row or ring of the settings, not open yet; None if there is none."""
    table = settings.indicator
    match table.kind:
        case "rgb" if factory:
            from hardware.lights.rgb_pixel import RgbPixel

            red, green, blue = table.pins
            return RgbPixel((red, green, blue), factory, active_high=table.active == "high")
        case "apa102":
            from hardware.lights.apa102 import Apa102

            return Apa102(f"/dev/{table.bus}", table.count or _count_on_board(settings))
        case "usb":
            from hardware.lights.usb_ring import UsbRing

            return UsbRing()
    return None


def darken(settings: Settings) -> None:
    """Put out the lights that are on no pin, as after a crash. Raises HardwareError if they cannot be reached."""
    if settings.indicator.kind in {"apa102", "usb"} and (pixels := pixels_of(settings, None)):
        pixels.open()
        pixels.close()


def _led(table: IndicatorSettings, factory: PinFactory | None) -> Indicator | None:
    if table.pin is None or factory is None:
        return None
    from hardware.header.indicator import GpioIndicator

    return GpioIndicator(table.pin, factory, RHYTHMS, active_high=table.active == "high")


def _count_on_board(settings: Settings) -> int:
    """How many the sound board has."""
    lines = config_lines(map(Path, CONFIG_FILES))
    for device in (settings.microphone.device, settings.speaker.device):
        card = card_of(device)
        board = board_of(card, lines) if card else None
        for light in board.lights if board else ():
            if light.kind == "apa102":
                return light.count
    return USUAL_COUNT
