"""The table of one input: what it is, where it is wired, and what it starts."""

from typing import Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.abilities.devices.settings import OptionalName, SpokenName
from daemon.abilities.inputs.kinds.moments import MOMENTS, Moment
from daemon.settings.field import Table, problem, setting
from daemon.settings.pin import PIN_FIX, HeaderPin

_ONE_OF_THREE: Final = 'write one of scene = "movie night", say = "the door is open", do = "listen"'


class ActionSettings(Table):
    """What is done at one moment: a scene, a sentence, or listening or muting. Nothing of it needs the network."""

    when: Moment = setting(
        ...,
        'The moment: a button is "pressed", "released" or "held", a contact "opened" or "closed", and where there was '
        '"motion" it is "still" again.',
    )
    scene: str = setting("", "The scene that is set, within the limits of its devices.", fix="name a [[scene]]")
    say: str = setting(
        "", "What is said when nobody talks, after quiet hours if it is quiet.", max_length=300, fix="shorten it"
    )
    do: Literal["", "listen", "mute"] = setting(
        "",
        "To listen as after the wake word, if it is idle, or to close the microphone, which only the household opens "
        "again.",
        validate_default=True,
    )

    @field_validator("do")
    @classmethod
    def _one_thing(cls, do: str, info: ValidationInfo) -> str:
        if {"scene", "say"} <= info.data.keys() and sum(map(bool, (info.data["scene"], info.data["say"], do))) != 1:
            raise problem("must be given if scene and say are not, and only then", _ONE_OF_THREE)
        return do


class InputSettings(Table):
    """Something that is noticed: a button, a contact, a motion sensor; what it starts, and how people call it."""

    name: SpokenName = setting(..., "How people call it.", fix='write a short spoken name, such as "garden door"')
    kind: Literal["button", "contact", "motion"] = setting(
        ...,
        "What it is: a push button, a reed or other contact at a door or a window, a motion sensor.",
        fix='use "contact" for whatever opens and closes',
    )
    pin: HeaderPin = setting(..., "BCM number of its pin.", fix=PIN_FIX)
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
    )
    bounce_ms: int = setting(30, "For so long after a change others are bounce.", ge=0, le=1000, fix="try 30")
    held_after_ms: int = setting(
        1000, 'It is "held" when it is pressed for so long ("button" only).', ge=200, le=10_000, fix="try 1000"
    )
    max_actions_per_minute: int = setting(
        12, "What it starts beyond that is left undone, and noted in the journal.", ge=1, le=600, fix="try 12"
    )
    actions: tuple[ActionSettings, ...] = setting(
        (),
        "What it starts, and when.",
        strict=False,
        max_length=10,
        fix='write actions = [{ when = "pressed", scene = "movie night" }]',
    )

    @field_validator("held_after_ms")
    @classmethod
    def _has_holds(cls, held_after_ms: int, info: ValidationInfo) -> int:
        kind = info.data.get("kind")
        if kind and "held" not in MOMENTS[kind]:
            raise problem(f'has no meaning for an input of kind "{kind}"', 'remove it, or use kind = "button"')
        return held_after_ms

    @field_validator("actions")
    @classmethod
    def _moments_of_the_kind(
        cls, actions: tuple[ActionSettings, ...], info: ValidationInfo
    ) -> tuple[ActionSettings, ...]:
        kind = info.data.get("kind")
        for action in actions:
            if kind and action.when not in MOMENTS[kind]:
                moments = ", ".join(MOMENTS[kind])
                raise problem(f'must not wait for "{action.when}" of a {kind}', f"use one of {moments}")
        return actions
