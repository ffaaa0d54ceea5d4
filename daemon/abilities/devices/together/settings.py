"""The tables of groups and scenes. Rooms have none: a device names its own."""

from typing import Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.abilities.devices.settings import SpokenName
from daemon.settings.field import Table, problem, setting
from hardware.header.colours import COLOURS

_NAME_FIX: Final = 'write a short spoken name, such as "downstairs"'
_DEVICE_FIX: Final = "write the name of a [[device]]"


class GroupSettings(Table):
    """Several devices under one name, which are turned on and off together."""

    name: SpokenName = setting(..., "How people call them together.", fix=_NAME_FIX)
    aliases: tuple[SpokenName, ...] = setting(
        (), "What else people call them, in any language.", strict=False, max_length=8, fix='write ["unten"]'
    )
    devices: tuple[str, ...] = setting((), "The devices that belong to it.", strict=False, fix=_DEVICE_FIX)
    rooms: tuple[str, ...] = setting(
        (), "Rooms whose devices belong to it too.", strict=False, fix="write what a [[device]] has as its room"
    )


class SceneStep(Table):
    """What becomes of one device."""

    device: str = setting(..., "Which device.", fix=_DEVICE_FIX)
    state: Literal["on", "off"] = setting("on", "What it shall be.")
    percent: float | None = setting(None, "Its brightness or speed.", gt=0, le=100, fix="write 40, or state = off")
    colour: str | None = setting(None, "Its colour, of those of a rgb light.", fix=f"use one of {', '.join(COLOURS)}")
    direction: Literal["forward", "backward"] | None = setting(None, "Which way a motor runs.")
    degrees: float | None = setting(None, "Where a servo is led to.", ge=-90, le=90, fix="write 30")

    @field_validator("colour")
    @classmethod
    def _known(cls, colour: str | None) -> str | None:
        if colour is not None and colour not in COLOURS:
            raise problem(f'must be a colour that has a name, not "{colour}"', f"use one of {', '.join(COLOURS)}")
        return colour

    @field_validator("percent", "colour", "direction", "degrees")
    @classmethod
    def _on(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("state") == "off":
            raise problem("has no meaning for what is turned off", 'remove it, or write state = "on"')
        return value


class SceneSettings(Table):
    """How several devices shall be, under one name."""

    name: SpokenName = setting(..., "How people ask for it.", fix='write a short spoken name, such as "movie night"')
    aliases: tuple[SpokenName, ...] = setting(
        (), "What else people call it, in any language.", strict=False, max_length=8, fix='write ["Kinoabend"]'
    )
    steps: tuple[SceneStep, ...] = setting(
        (),
        "What becomes of each device: one step for each.",
        strict=False,
        min_length=1,
        max_length=40,
        fix='write steps = [{ device = "desk lamp", state = "off" }]',
    )
