"""The table of one device: what is wired to a pin, and the bounds within which it may be worked."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from daemon.abilities.devices.kinds.keys import (
    OWNERS,
    PINS,
    WHAT_KINDS_ARE,
    AngleKeys,
    KindName,
    LevelKeys,
    PinKeys,
    ToneKeys,
    nature_of,
)
from daemon.abilities.quiet.hours import Hours
from daemon.names import folded
from daemon.settings.field import Table, problem, setting, zero_or_more
from daemon.settings.pin import PIN_FIX, HeaderPin
from daemon.settings.time_of_day import as_time


def _speakable(name: str) -> str:
    if name != " ".join(name.split()) or not name.isprintable() or not any(map(str.isalnum, folded(name))):
        raise problem(f"must be words with single spaces between them, not {name!r}", "write it as people say it")
    return name


SpokenName = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_speakable)]
"""What people call something."""
OptionalName = Annotated[str, Field(max_length=40), AfterValidator(lambda name: _speakable(name) if name else name)]
"""… or nothing."""


class _Common(Table):
    """What every kind of device has."""

    name: SpokenName = setting(..., "How people call it.", fix='write a short spoken name, such as "desk lamp"')
    kind: KindName = setting(..., WHAT_KINDS_ARE, fix='use "pwm" for what can be dimmed')
    pin: HeaderPin = setting(..., "BCM number of its pin.", fix=PIN_FIX)
    aliases: tuple[SpokenName, ...] = setting(
        (),
        "What else people call it, in any language.",
        strict=False,
        max_length=8,
        fix='write ["Schreibtischlampe", "lampe de bureau"]',
    )
    room: OptionalName = setting(
        "",
        "The room that it is in: all devices of a room can be turned on and off at once.",
        fix='write a spoken name, such as "kitchen", the same for each device of the room',
    )
    read_only: bool = setting(
        default=False, meaning="It is only looked at: nobody turns it on or off, and it stays as it is safe."
    )
    interlock: OptionalName = setting(
        "",
        "Of the devices that have the same word here one is on at a time, such as the two relays of a blind.",
        fix='write "blind" with each of them',
    )
    interlock_gap_s: float = setting(
        0.0,
        "So long after one of them went off no other is turned on, such as 0.5 for a motor that is to turn round; of "
        "different ones the longest counts.",
        ge=0,
        le=5,
        fix="write seconds, 0 for none",
    )
    hours: str = setting(
        "",
        "When it may be on, by the wall clock; it is turned off when they end. Without them at any time.",
        pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$",
        fix='write "07:00-22:00"; it may go over midnight',
        share="harmless",
    )
    confirm: bool = setting(
        default=False,
        meaning="It is turned on only when somebody has said yes in the same conversation, or pressed the button.",
    )
    active: Literal["high", "low"] = setting("high", 'Level of the pin that turns it on; many relay boards are "low".')
    safe: Literal["off", "on"] = setting("off", "State at start, at stop and after a crash; on is fully on.")
    max_on_s: float = setting(
        0.0,
        "It is turned off after this time, of 0.1 s or more; 0 is never, but 10 s for a buzzer, 60 s for a motor, and "
        "for a pulse, whose length it is, 1 s.",
        ge=0,
        le=604_800,
        fix="write seconds, 0 for no limit",
        validate_default=True,
    )
    min_off_s: float = setting(
        0.0,
        "It stays off at least this long, from the start too; 0 is 1 s for a pulse.",
        ge=0,
        le=86_400,
        fix="write seconds, 0 for no limit",
        validate_default=True,
    )
    max_switches_per_minute: int = setting(
        30,
        "How often a minute it may be switched; off is always possible. One that is written here holds through a "
        "restart too.",
        ge=2,
        le=600,
        fix="try 30",
    )

    @field_validator("interlock_gap_s")
    @classmethod
    def _between_some(cls, gap_s: float, info: ValidationInfo) -> float:
        if gap_s and not info.data.get("interlock"):
            raise problem("has no meaning without interlock", "give interlock the same word with each of them")
        return zero_or_more(0.1, gap_s)

    @field_validator("hours")
    @classmethod
    def _some_of_the_day(cls, hours: str) -> str:
        begins, _, ends = hours.partition("-")
        if hours and begins == ends:
            raise problem(f'must begin and end at different times, not "{hours}"', 'write "07:00-22:00"')
        return hours

    @field_validator("safe")
    @classmethod
    def _stays_within_its_hours(cls, safe: str, info: ValidationInfo) -> str:
        if safe == "on" and info.data.get("hours"):
            raise problem('cannot be "on" for a device that has hours', "remove hours, or this")
        return safe

    @field_validator("max_on_s")
    @classmethod
    def _ends_safe(cls, max_on_s: float, info: ValidationInfo) -> float:
        if max_on_s > 0 and info.data.get("safe") == "on":
            raise problem('cannot limit a device whose safe state is "on"', 'use safe = "off", or remove max_on_s')
        kind = info.data.get("kind", "")
        if not (bounds := nature_of(kind).longest_s):
            return zero_or_more(0.1, max_on_s)
        usual, most = bounds
        if max_on_s > most:
            raise problem(f"must be {most:g} or less for a {kind}, not {max_on_s:g}", f"write {usual:g}")
        return zero_or_more(0.1, max_on_s) or usual

    @field_validator("min_off_s")
    @classmethod
    def _felt(cls, min_off_s: float, info: ValidationInfo) -> float:
        return zero_or_more(0.1, min_off_s) or nature_of(info.data.get("kind", "")).rest_s


class DeviceSettings(ToneKeys, PinKeys, AngleKeys, LevelKeys, _Common):
    """One thing that is wired to a pin, and the bounds within which it may be worked."""

    @property
    def allowed(self) -> Hours | None:
        """When it may be on; None is always."""
        begins, _, ends = self.hours.partition("-")
        return Hours(as_time(begins), as_time(ends)) if self.hours else None

    @property
    def keeps_count(self) -> bool:
        """Whether somebody wants its switches counted over a restart too: who names how many has a reason."""
        return "max_switches_per_minute" in self.model_fields_set

    @property
    def pins(self) -> tuple[int, ...]:
        """All that it is wired to."""
        named = (getattr(self, key) for key in PINS)
        return tuple(pin for pin in named if pin is not None)

    @field_validator("*")
    @classmethod
    def _fits_the_kind(cls, value: object, info: ValidationInfo) -> object:
        kind, key = info.data.get("kind"), str(info.field_name)
        owners = OWNERS.get(key)
        if not kind:
            return value
        if owners and value is None:
            if kind in owners:
                raise problem(f"is needed for a {kind}", f"write {key} = and the BCM number of the pin")
        elif owners and kind not in owners:
            raise problem(f'has no meaning for a device of kind "{kind}"', f'remove it, or use kind = "{owners[0]}"')
        if key == "safe" and value == "on" and (why := nature_of(kind).never_safe_on):
            raise problem(f'cannot be "on" for a {kind}, {why}', "remove it")
        return value
