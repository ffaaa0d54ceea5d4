"""The table of one device: what is wired to a pin, and the bounds within which it may be worked."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.led import LED
from daemon.abilities.devices.kinds.pwm import PWM, LevelKeys
from daemon.abilities.devices.kinds.relay import RELAY
from daemon.abilities.devices.kinds.servo import SERVO, AngleKeys
from daemon.settings.field import Table, problem, setting, zero_or_more
from daemon.settings.pin import PIN_FIX, HeaderPin

KINDS: Final[Mapping[str, Kind[Any]]] = {"led": LED, "relay": RELAY, "pwm": PWM, "servo": SERVO}

_OWNERS: Final = {
    key: [name for name, kind in KINDS.items() if key in kind.keys] for owner in KINDS.values() for key in owner.keys
}
"""The kinds that have each of the keys that only some have."""


class _Common(Table):
    """What every kind of device has."""

    name: str = setting(
        ..., "How people call it.", min_length=1, max_length=40, fix='write a short spoken name, such as "desk lamp"'
    )
    kind: Literal["led", "relay", "pwm", "servo"] = setting(
        ...,
        "What it is: a light, a relay, a light that can be dimmed, or a servo.",
        fix='use "pwm" for what can be dimmed',
    )
    pin: HeaderPin = setting(..., "BCM number of its pin.", fix=PIN_FIX)
    active: Literal["high", "low"] = setting("high", 'Level of the pin that turns it on; many relay boards are "low".')
    safe: Literal["off", "on"] = setting("off", "State at start, at stop and after a crash; on is fully on.")
    max_on_s: float = setting(
        0.0,
        "It is turned off after this time, of 0.1 s or more; 0 is never.",
        ge=0,
        le=604_800,
        fix="write seconds, 0 for no limit",
    )
    min_off_s: float = setting(
        0.0,
        "It stays off at least this long, from the start too.",
        ge=0,
        le=86_400,
        fix="write seconds, 0 for no limit",
    )
    max_switches_per_minute: int = setting(
        30, "How often a minute it may be switched; off is always possible.", ge=2, le=600, fix="try 30"
    )

    @field_validator("name")
    @classmethod
    def _speakable(cls, name: str) -> str:
        if name != " ".join(name.split()) or not name.isprintable() or not any(map(str.isalnum, name)):
            raise problem(f"must be words with single spaces between them, not {name!r}", "write it as people say it")
        return name

    @field_validator("max_on_s")
    @classmethod
    def _ends_safe(cls, max_on_s: float, info: ValidationInfo) -> float:
        if max_on_s > 0 and info.data.get("safe") == "on":
            raise problem('cannot limit a device whose safe state is "on"', 'use safe = "off", or remove max_on_s')
        return zero_or_more(0.1, max_on_s)

    @field_validator("min_off_s")
    @classmethod
    def _felt(cls, min_off_s: float) -> float:
        return zero_or_more(0.1, min_off_s)


class DeviceSettings(AngleKeys, LevelKeys, _Common):
    """One thing that is wired to a pin, and the bounds within which it may be worked."""

    @field_validator("*")
    @classmethod
    def _fits_the_kind(cls, value: object, info: ValidationInfo) -> object:
        kind, key = info.data.get("kind"), str(info.field_name)
        owners = _OWNERS.get(key)
        if kind and owners and kind not in owners:
            raise problem(f'has no meaning for a device of kind "{kind}"', f'remove it, or use kind = "{owners[0]}"')
        if kind and key == "safe" and value == "on" and not KINDS[kind].switched:
            raise problem(f'cannot be "on" for a {kind}, which rests unpowered', "remove it")
        return value
