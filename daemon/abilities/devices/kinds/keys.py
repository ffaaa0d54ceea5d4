"""What the settings know of the kinds: their names, the keys that only some have, what the keys of all mean for some.

It stands apart from the kinds, for the settings have to know them all; a kind itself is imported where one is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting, zero_or_more
from daemon.settings.pin import PIN_FIX, HeaderPin

KindName = Literal["led", "relay", "pwm", "rgb", "fan", "buzzer", "servo", "motor", "pulse"]
"""Each is a file of its name in this folder."""

WHAT_KINDS_ARE: Final = (
    "What it is: a light, a relay, a light that can be dimmed, one of three colours, a fan with speeds, a buzzer, "
    "a servo, a motor that goes two ways, or what wants one pulse, such as a door opener."
)
"""In the order of their names."""


class LevelKeys(Table):
    """How bright, or how fast, it may be."""

    min_level: float = setting(
        0.0,
        'Darkest or slowest level but off ("pwm", "rgb", "fan" and "motor" only).',
        ge=0,
        le=1,
        fix="write 0.2 for 20 percent",
    )
    max_level: float = setting(
        1.0, "Brightest or fastest level (of the same kinds only).", gt=0, le=1, fix="write 0.8 for 80 percent"
    )

    @field_validator("min_level", "max_level")
    @classmethod
    def _levels(cls, level: float, info: ValidationInfo) -> float:
        lowest = info.data.get("min_level", 0.0) if info.field_name == "max_level" else 0.0
        if level < lowest:
            raise problem(f"must not be below min_level, which is {lowest:.12g}, not {level:.12g}", "exchange the two")
        if info.field_name == "max_level" and level < 1 and info.data.get("safe") == "on":
            what = 'must be 1 for a device whose safe state is "on": nothing dims it while Pipit does not run'
            raise problem(what, 'use safe = "off", or remove max_level')
        return zero_or_more(0.01, level)


class AngleKeys(Table):
    """Where it may be led to."""

    min_angle: float = setting(
        -90.0, 'Lowest angle, in degrees from the middle ("servo" only).', ge=-90, le=90, fix="write -60"
    )
    max_angle: float = setting(
        90.0, 'Highest angle, in degrees from the middle ("servo" only).', ge=-90, le=90, fix="write 60"
    )

    @field_validator("max_angle")
    @classmethod
    def _above(cls, angle: float, info: ValidationInfo) -> float:
        lowest = info.data.get("min_angle", -90.0)
        if angle < lowest + 1:  # below that there is nothing to be led to
            raise problem(
                f"must be above min_angle, which is {lowest:g}, by 1 degree at least, not {angle:g}", "exchange the two"
            )
        return angle


class PinKeys(Table):
    """More pins than one."""

    green_pin: HeaderPin | None = setting(
        None,
        'BCM number of the pin of its green ("rgb" only, whose pin is that of its red).',
        fix=PIN_FIX,
        validate_default=True,
    )
    blue_pin: HeaderPin | None = setting(None, '… and of its blue ("rgb" only).', fix=PIN_FIX, validate_default=True)
    backward_pin: HeaderPin | None = setting(
        None,
        'BCM number of the pin that turns it backward ("motor" only, whose pin turns it forward).',
        fix=PIN_FIX,
        validate_default=True,
    )


class ToneKeys(Table):
    """How it sounds."""

    tone_hz: float = setting(
        0.0,
        'Its tone in Hz, 20 to 8000, for a buzzer that makes none by itself; 0 for one that does ("buzzer" only).',
        ge=0,
        le=8_000,
        fix="write 2000, or 0 for a buzzer that sounds as soon as it has power",
    )

    @field_validator("tone_hz")
    @classmethod
    def _heard(cls, tone_hz: float) -> float:
        return zero_or_more(20, tone_hz)


_DIMMED: Final = ("pwm", "rgb", "fan", "motor")

OWNERS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(LevelKeys.model_fields, _DIMMED),
    **dict.fromkeys(AngleKeys.model_fields, ("servo",)),
    **dict.fromkeys(("green_pin", "blue_pin"), ("rgb",)),
    **dict.fromkeys(ToneKeys.model_fields, ("buzzer",)),
    "backward_pin": ("motor",),
}
"""The kinds that have each of the keys that only some have."""

PINS: Final = ("pin", *PinKeys.model_fields)
"""Every key that names a pin."""


@dataclass(frozen=True)
class Nature:
    """What a kind cannot be otherwise; times are in seconds."""

    never_safe_on: str = ""
    """Why it cannot be on in its safe state."""
    longest_s: tuple[float, float] | None = None
    """The longest on-time that it has if none is given, and the longest that can be."""
    rest_s: float = 0.0
    """How long it stays off at least if nothing is said."""
    switched: bool = True
    """Whether it is turned on by itself, and not led, run or triggered."""
    turned_off: bool = True
    """Whether it is turned off by itself."""
    on_needs: str = ""
    """The key without which no step of a scene turns it on."""


_ANY: Final = Nature()
_NATURES: Final[Mapping[str, Nature]] = {
    "servo": Nature("which rests unpowered", switched=False, turned_off=False, on_needs="degrees"),
    "buzzer": Nature("which would sound all the time", (10.0, 60.0)),
    "motor": Nature("which rests stopped", (60.0, 3600.0), switched=False, on_needs="direction"),
    "pulse": Nature("which is never held", (1.0, 10.0), 1.0, switched=False),
}


def nature_of(kind: str) -> Nature:
    """What is true of each device of that kind."""
    return _NATURES.get(kind, _ANY)
