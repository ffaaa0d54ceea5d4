"""The tables of what people press and look at, and of how pins are reached."""

from typing import Literal

from daemon.settings.field import Table, setting
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
    """The button that closes the microphone, and opens it again. Without `pin` there is none."""

    pin: HeaderPin | None = setting(None, "BCM number of the mute button's pin.", fix=PIN_FIX)
    pull: Literal["up", "down"] = setting("up", "The pull resistor; the button connects to the other side.")


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
