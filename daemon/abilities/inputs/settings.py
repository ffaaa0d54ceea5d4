"""The table of one input: what it is, where it is wired, and what it starts."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.abilities.devices.settings import OptionalName, SpokenName
from daemon.abilities.inputs.kinds.input_kinds import SENSORS, SWITCHES, sensor_kind, switch_kind
from daemon.abilities.inputs.kinds.moments import MOMENTS, Moment
from daemon.settings.field import Table, problem, setting
from daemon.settings.pin import PIN_FIX, HeaderPin
from hardware.header.pins import PULLED_UP, Purpose

INPUT_PINS: Final = ("pin", "echo_pin", "b_pin")
"""Every key that names a pin."""
_ONE_OF_THREE: Final = 'write one of scene = "movie night", say = "the door is open", do = "listen"'


class ActionSettings(Table):
    """What is done at one moment: a scene, a sentence, or listening or muting. Nothing of it needs the network."""

    when: Moment = setting(
        ...,
        'The moment: a button is "pressed", "released" or "held", a contact "opened" or "closed", where there was '
        '"motion" it is "still" again, and an encoder goes a step to the "right" or the "left".',
    )
    scene: str = setting("", "The scene that is set, within the limits of its devices.", fix="name a [[scene]]")
    say: str = setting(
        "", "What is said when nobody talks, after quiet hours if it is quiet.", max_length=300, fix="shorten it"
    )
    do: Literal["", "listen", "mute", "louder", "quieter"] = setting(
        "",
        "To listen as after the wake word, if it is idle, to close the microphone, which only the household opens "
        "again, or to turn the voice up or down by [volume] step_percent.",
        validate_default=True,
    )

    @field_validator("say")
    @classmethod
    def _has_words(cls, say: str) -> str:
        if say and not any(map(str.isalnum, say)):
            raise problem("has no words in it", "write what shall be said, or remove it")
        return say

    @field_validator("do")
    @classmethod
    def _one_thing(cls, do: str, info: ValidationInfo) -> str:
        if {"scene", "say"} <= info.data.keys() and sum(map(bool, (info.data["scene"], info.data["say"], do))) != 1:
            raise problem("must be given if scene and say are not, and only then", _ONE_OF_THREE)
        return do


_OWNERS: Final[Mapping[str, tuple[str, ...]]] = {
    "pin": (*MOMENTS, "distance", "light"),
    "echo_pin": ("distance",),
    "b_pin": ("encoder",),
    "active": SWITCHES,
    "bounce_ms": SWITCHES,
    "held_after_ms": ("button",),
    "max_actions_per_minute": tuple(MOMENTS),
    "actions": tuple(MOMENTS),
    "address": ("ds18b20", "iio"),
    "channel": ("iio",),
    **dict.fromkeys(("min_value", "max_value", "frozen_after"), SENSORS),
}
"""The kinds that have each of the keys that only some have."""


_FREE_LINES: Final = frozenset({("light", "pin"), ("distance", "echo_pin")})
"""What something outside has to be able to pull down, or to charge slowly."""


def _one(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


_LESS: Final = "write what it can measure where it is, or remove it"
_PURPOSES: Final[Mapping[str, Purpose]] = {"button": "button", "encoder": "knob"}


def purpose_of(kind: object) -> Purpose:
    """What a pin of that kind serves: the button or the knob of a sound board may be an input."""
    return _PURPOSES.get(str(kind), "device")


class InputSettings(Table):
    """Something that is noticed, such as a button, or read, such as a thermometer, and how people call it."""

    name: SpokenName = setting(..., "How people call it.", fix='write a short spoken name, such as "garden door"')
    kind: Literal["button", "contact", "motion", "encoder", "distance", "light", "ds18b20", "iio", "cpu"] = setting(
        ...,
        "What it is: a push button, a contact at a door or a window, a motion sensor, a rotary encoder; how far "
        "something is, by an echo (HC-SR04); how bright it is, by a photoresistor; a thermometer on the 1-Wire bus, "
        "a sensor of the kernel's industrial I/O (such as BME280), the thermometer of the processor.",
        fix='use "contact" for whatever opens and closes',
    )
    pin: HeaderPin | None = setting(
        None,
        "BCM number of its pin, which of a distance sensor is that of its trigger, and of an encoder its A; what the "
        "kernel reads has none.",
        fix=PIN_FIX,
        validate_default=True,
    )
    echo_pin: HeaderPin | None = setting(
        None,
        'BCM number of the pin of its echo ("distance" only), by a divider: 5 V would destroy it.',
        fix=PIN_FIX,
        validate_default=True,
    )
    b_pin: HeaderPin | None = setting(
        None,
        'BCM number of the pin of its B ("encoder" only); with both exchanged it turns the other way.',
        fix=PIN_FIX,
        validate_default=True,
    )
    address: str = setting(
        "",
        'Which, if there are several: of a "ds18b20" its folder in /sys/bus/w1/devices, such as 28-0316a27946ff, of an '
        '"iio" what is in the file name of its folder, such as bme280.',
        pattern=r"^(|[A-Za-z0-9][A-Za-z0-9_.:-]{0,63})$",
        fix="write it as `ls /sys/bus/w1/devices` shows it, or as `cat /sys/bus/iio/devices/*/name`",
        share="harmless",
    )
    channel: int | None = setting(
        None, 'Which voltage of a converter, such as an MCP3008 ("iio" only).', ge=0, le=31, fix="count from 0"
    )
    min_value: float | None = setting(
        None,
        "What it measures, or the first of that, such as the temperature of a BME280, is never less than this where it "
        "is (sensors only).",
        ge=-1e6,
        le=1e6,
        fix="write -30 for a thermometer in the garden",
    )
    max_value: float | None = setting(
        None, "… nor more than this (sensors only).", ge=-1e6, le=1e6, fix="write 50 for a thermometer in the garden"
    )
    frozen_after: int = setting(
        300,
        "It is said to be stuck when so many readings, ten seconds apart or more, did not differ; there is one every "
        "five minutes at least, so 300 is a day. 0 is never (sensors only).",
        ge=0,
        le=10_000,
        fix="write 0 for what stays the same for long",
    )
    aliases: tuple[SpokenName, ...] = setting(
        (),
        "What else people call it, in any language.",
        strict=False,
        max_length=8,
        fix='write ["Gartentür", "porte du jardin"]',
    )
    room: OptionalName = setting(
        "",
        "The room that it is in: what is asked of a room is read of all that is in it.",
        fix='write a spoken name, such as "kitchen"',
    )
    active: Literal["usual", "high", "low"] = setting(
        "usual",
        "Level of the pin while it is pressed, closed, or sees something; usual is low for buttons and contacts, which "
        "connect the pin to ground, and high for motion sensors.",
        validate_default=True,
    )
    bounce_ms: int = setting(30, "For so long after a change others are bounce.", ge=0, le=1000, fix="try 30")
    held_after_ms: int = setting(
        1000, 'It is "held" when it is pressed for so long ("button" only).', ge=200, le=10_000, fix="try 1000"
    )
    max_actions_per_minute: int = setting(
        12,
        "What it starts beyond that is left undone, and noted in the journal; louder and quieter do not count.",
        ge=1,
        le=600,
        fix="try 12",
    )
    actions: tuple[ActionSettings, ...] = setting(
        (),
        "What it starts, and when.",
        strict=False,
        max_length=10,
        fix='write actions = [{ when = "pressed", scene = "movie night" }]',
    )

    @property
    def purpose(self) -> Purpose:
        """What its pins serve."""
        return purpose_of(self.kind)

    @property
    def pins(self) -> tuple[int, ...]:
        """All that it is wired to."""
        named = (getattr(self, key) for key in INPUT_PINS)
        return tuple(pin for pin in named if pin is not None)

    @field_validator("*")
    @classmethod
    def _fits_the_kind(cls, value: object, info: ValidationInfo) -> object:
        kind, key = info.data.get("kind"), str(info.field_name)
        owners = _OWNERS.get(key)
        if not (kind and owners):
            return value
        if value in PULLED_UP and (kind, key) in _FREE_LINES:
            raise problem(f"cannot be {value}, which has a resistor to 3.3 V on every Pi", "wire it to another pin")
        if key in INPUT_PINS and value is None and kind in owners:
            raise problem(f"is needed for {_one(kind)}", f"write {key} = and the BCM number of the pin")
        if kind not in owners and value not in (None, "usual"):
            raise problem(f'has no meaning for an input of kind "{kind}"', f'remove it, or use kind = "{owners[0]}"')
        return value

    @field_validator("address")
    @classmethod
    def _as_the_kernel_writes_it(cls, address: str, info: ValidationInfo) -> str:
        """The folders of the 1-Wire bus are in small letters, whatever is printed on a thermometer."""
        return address.lower() if info.data.get("kind") == "ds18b20" else address

    @field_validator("min_value", "max_value")
    @classmethod
    def _can_be_measured(cls, bound: float | None, info: ValidationInfo) -> float | None:
        kind = info.data.get("kind", "")
        if bound is not None and kind in SENSORS and len(measured := sensor_kind(kind).bounds) == 1:
            [(low, high)] = measured.values()
            if not low <= bound <= high:
                raise problem(f"must be {low:g} to {high:g}, which is what {_one(kind)} measures, not {bound:g}", _LESS)
        return bound

    @field_validator("max_value")
    @classmethod
    def _above(cls, highest: float | None, info: ValidationInfo) -> float | None:
        lowest = info.data.get("min_value")
        if lowest is not None and highest is not None and highest <= lowest:
            raise problem(f"must be above min_value, which is {lowest:g}, not {highest:g}", "exchange the two")
        return highest

    @field_validator("active")
    @classmethod
    def _can_be_pulled_down(cls, active: str, info: ValidationInfo) -> str:
        kind, pin = info.data.get("kind"), info.data.get("pin")
        if kind in SWITCHES and pin in PULLED_UP:
            level = switch_kind(kind).active if active == "usual" else active
            if level == "high":
                what = f"cannot be high at pin {pin}, which has a resistor to 3.3 V on every Pi"
                raise problem(what, "wire it to another pin")
        return active

    @field_validator("actions")
    @classmethod
    def _moments_of_the_kind(
        cls, actions: tuple[ActionSettings, ...], info: ValidationInfo
    ) -> tuple[ActionSettings, ...]:
        kind = info.data.get("kind", "")
        for action in actions:
            if kind in MOMENTS and action.when not in MOMENTS[kind]:
                moments = ", ".join(MOMENTS[kind])
                raise problem(f'must not wait for "{action.when}" of {_one(kind)}', f"use one of {moments}")
        if len(set(actions)) < len(actions):
            raise problem("must not do one thing twice at one moment", "remove one of the two")
        return actions
