"""The tables of what people press and look at, and of how pins are reached."""

from typing import Literal

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting
from daemon.settings.pin import PIN_FIX, HeaderPin


class ButtonSettings(Table):
    """The push-to-talk button. Without `pin` there is none."""

    pin: HeaderPin | None = setting(None, "BCM number of the button's pin.", fix=PIN_FIX)
    hold_ms: int = setting(
        400, "A press longer than this is push-to-talk, a shorter one a tap.", ge=100, le=2000, fix="try 400"
    )
    tail_ms: int = setting(150, "Speech still taken after the release.", ge=0, le=1000, fix="try 150")
    bounce_ms: int = setting(30, "Edges this close together are one.", ge=0, le=200, fix="try 30")
    pull: Literal["up", "down"] = setting("up", "The pull resistor; the button connects to the other side.")


class MuteSettings(Table):
    """What closes the microphone, and opens it again: a button, or a switch. Without `pin`, or "usb", there is none."""

    kind: Literal["button", "switch", "usb"] = setting(
        "button",
        'A button is pressed for it; a "switch" is followed: closed is muted, and nothing else opens the microphone '
        'then; "usb" is the mute key of a ReSpeaker XVF3800, followed likewise.',
    )
    pin: HeaderPin | None = setting(
        None, "BCM number of the pin of the mute button, or switch.", fix=PIN_FIX, validate_default=True
    )
    pull: Literal["up", "down"] = setting("up", "The pull resistor; the button connects to the other side.")

    @field_validator("pin")
    @classmethod
    def _fits_the_kind(cls, pin: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind")
        if kind == "switch" and pin is None:
            raise problem("is needed for a switch", "write pin = and the BCM number of its pin")
        if kind == "usb" and pin is not None:
            raise problem("has no meaning for the key of a USB array", 'remove it, or write kind = "button"')
        return pin


class GpioSettings(Table):
    """How pins are reached."""

    chip: str = setting(
        "auto",
        'The chip of the header: "auto" finds it, "gpiochip4" names it.',
        pattern=r"^(auto|gpiochip[0-9]+)$",
        fix='use "auto", or a name that `gpiodetect` prints',
        share="harmless",
    )
    factory: Literal["auto", "mock"] = setting("auto", '"mock" plays pins on machines that have none.')
