"""What is known of one sound card or board, and of the pins that it takes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hardware.errors import PipitError

if TYPE_CHECKING:
    from hardware.base import SampleFormat
    from hardware.header.pins import Purpose

Side = Literal["microphone", "speaker"]


class BoardFileError(PipitError):
    """A file of hardware/boards that cannot be used."""

    exit_status = os.EX_CONFIG


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What one side of the card wants in the settings; None is what any card takes. `channel` counts from 0.

    `device` is the number of its PCM on the card, as in "plughw:CARD=id,DEV=1"; None is the first, 0.
    """

    rate_hz: int | None = None
    channels: int | None = None
    channel: int | None = None
    sample_format: SampleFormat | None = None
    gain_db: float | None = None
    device: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a channel that there is not."""
        if self.channel is not None and self.channel >= (self.channels or 1):
            raise ValueError(f"has a channel {self.channel}, counted from 0, of {self.channels or 1}")


@dataclass(frozen=True, slots=True)
class BoardPin:
    """A pin (BCM number) that is wired to something on the board, which may serve the settings for what it is.

    `only_on` names the one of several boards that has it: it refuses nothing. `moved_by` is the option of the overlay
    that puts it elsewhere.
    """

    pin: int
    use: str
    serves: Purpose | None = None
    only_on: str = ""
    moved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A light on the board, or a row of `count`. `kind` is "led", or the chip in each, such as "apa102"."""

    kind: str
    pins: tuple[int, ...]
    count: int = 1
    only_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixerLevel:
    """How an element of the mixer must stand for the board to hear or speak. None: that part is left alone."""

    control: str
    side: Side
    on: bool | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the board cannot work on Pis whose model has one of `models` in it; without any, on none."""

    models: tuple[str, ...]
    sentence: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One sound card or board. `word` is what answers call it; `lines` are those it wants in config.txt.

    `cards` are ids of ALSA cards, `usb` are vendor:product with `*` for any product; `eeprom` is a pattern of vendor
    and product as its identification memory says them, `i2c_address` where its codec answers. `module` is a kernel
    module that not every system has, `overlay_from` where its overlay comes from if not with the system.

    `pauses`: somebody listened, and a stream to its speaker starts and stops without a sound and loses no sample.

    Boards that share a card are told apart by their lines; without any to see, the one of the lowest `order` is meant.
    """

    word: str
    title: str
    source: str
    order: int = 1000
    cards: tuple[str, ...] = ()
    usb: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    eeprom: str = ""
    i2c_address: int | None = None
    module: str = ""
    overlay_from: str = ""
    hears: bool = False
    speaks: bool = False
    echo_cancelling: bool = False
    pauses: bool = False
    remark: str = ""
    microphone: Sound = Sound()
    speaker: Sound = Sound()
    own_pins: tuple[BoardPin, ...] = ()
    buttons: tuple[BoardPin, ...] = ()
    lights: tuple[Light, ...] = ()
    mixer: tuple[MixerLevel, ...] = ()
    refusal: Refusal | None = None

    @property
    def pins(self) -> tuple[BoardPin, ...]:
        """Every pin that the board is wired to, besides those of the I2S bus."""
        lights = (
            BoardPin(pin, "its light" if light.kind == "led" else "its lights", _serves(light), light.only_on)
            for light in self.lights
            for pin in light.pins
        )
        return (*self.own_pins, *self.buttons, *lights)

    @property
    def overlays(self) -> tuple[str, ...]:
        """The names of its overlays, without their options."""
        names = (
            line.removeprefix("dtoverlay=").partition(",")[0] for line in self.lines if line.startswith("dtoverlay=")
        )
        return tuple(name for name in names if name)


def _serves(light: Light) -> Purpose | None:
    """A row of lights is driven by data, not by a level: as an indicator such a pin is of no use."""
    return "light" if light.kind == "led" else None
