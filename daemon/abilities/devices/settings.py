"""The table of one device: what is wired to a pin, and the bounds within which it may be worked."""

from typing import Literal

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting, zero_or_more
from daemon.settings.pin import PIN_FIX, HeaderPin


class DeviceSettings(Table):
    """One thing that is wired to a pin, and the bounds within which it may be worked."""

    name: str = setting(
        ..., "How people call it.", min_length=1, max_length=40, fix='write a short spoken name, such as "desk lamp"'
    )
    kind: Literal["led", "relay", "pwm"] = setting(
        ..., "What it is: a light, a relay, or a light that can be dimmed.", fix='use "pwm" for what can be dimmed'
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
    min_level: float = setting(0.0, 'Darkest level but off ("pwm" only).', ge=0, le=1, fix="write 0.2 for 20 percent")
    max_level: float = setting(1.0, 'Brightest level ("pwm" only).', gt=0, le=1, fix="write 0.8 for 80 percent")
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

    @field_validator("min_level", "max_level")
    @classmethod
    def _levels(cls, level: float, info: ValidationInfo) -> float:
        kind = info.data.get("kind", "pwm")
        if kind != "pwm":
            raise problem(f'has no meaning for a device of kind "{kind}"', 'remove it, or use kind = "pwm"')
        lowest = info.data.get("min_level", 0.0) if info.field_name == "max_level" else 0.0
        if level < lowest:
            raise problem(f"must not be below min_level, which is {lowest:.12g}, not {level:.12g}", "exchange the two")
        if info.field_name == "max_level" and level < 1 and info.data.get("safe") == "on":
            what = 'must be 1 for a device whose safe state is "on": nothing dims it while Pipit does not run'
            raise problem(what, 'use safe = "off", or remove max_level')
        return zero_or_more(0.01, level)
