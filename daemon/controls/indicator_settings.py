"""The table of the light that shows what it does: one on a pin, one of three colours, or a row or ring of them."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting
from daemon.settings.pin import PIN_FIX, HeaderPin

OWNERS: Final[Mapping[str, tuple[str, ...]]] = {
    "pin": ("led",),
    "pins": ("rgb",),
    "active": ("led", "rgb"),
    "bus": ("apa102",),
    "count": ("apa102",),
}
"""The kinds that have each of the keys that only some have."""
COLOURS_OF_RGB: Final = 3


class IndicatorSettings(Table):
    """The light that shows what it does (docs/lights.md). Without `pin`, or another `kind`, there is none."""

    kind: Literal["led", "rgb", "apa102", "usb"] = setting(
        "led",
        "What it is: one light, one of three colours, a row or ring of APA102 on the SPI bus, or the ring of a USB "
        "array.",
    )
    pin: HeaderPin | None = setting(None, "BCM number of the light's pin.", fix=PIN_FIX, validate_default=True)
    pins: tuple[HeaderPin, ...] = setting(
        (),
        'BCM numbers of the pins of red, green and blue ("rgb" only).',
        strict=False,
        max_length=COLOURS_OF_RGB,
        fix="write pins = [17, 27, 22]",
        validate_default=True,
    )
    active: Literal["high", "low"] = setting("high", "Level of the pin that lights it.", validate_default=True)
    bus: str = setting(
        "spidev0.0",
        'Where the row is ("apa102" only): a name in /dev.',
        pattern=r"^spidev[0-9]{1,2}\.[0-9]{1,2}$",
        fix="write a name that `ls /dev/spidev*` shows, such as spidev0.0",
        share="harmless",
        validate_default=True,
    )
    count: int = setting(
        0,
        'How many lights the row has ("apa102" only); 0 is as many as the sound board has, or else three.',
        ge=0,
        le=256,
        fix="count them",
        validate_default=True,
    )
    brightness_percent: int = setting(
        50, 'How bright it looks, of all it can; "led" is always as bright as it is.', ge=5, le=100, fix="try 50"
    )
    colours: Literal["usual", "distinct", "white"] = setting(
        "usual",
        '"distinct" are colours that look different to people who do not tell red from green; "white" has none. States '
        "differ by movement in any case.",
    )

    @field_validator("*")
    @classmethod
    def _fits_the_kind(cls, value: Any, info: ValidationInfo) -> Any:
        kind, key = info.data.get("kind"), str(info.field_name)
        owners = OWNERS.get(key)
        if not (kind and owners):
            return value
        if kind == "rgb" and key == "pins" and len(value) != COLOURS_OF_RGB:
            raise problem("must be three, of red, green and blue", "write pins = [17, 27, 22]")
        if kind not in owners and value != cls.model_fields[key].default:
            raise problem(f'has no meaning for a light of kind "{kind}"', f'remove it, or write kind = "{owners[0]}"')
        return value

    @property
    def wired(self) -> tuple[int, ...]:
        """Every pin that it is on."""
        return self.pins if self.pin is None else (self.pin,)

    @property
    def shines(self) -> bool:
        """Whether there is one."""
        return bool(self.wired) or self.kind in {"apa102", "usb"}
