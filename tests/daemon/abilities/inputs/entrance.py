"""Inputs to play on: a switch that a test moves, and deeds that are written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from daemon.abilities.inputs.deeds import Deeds
from daemon.abilities.inputs.settings import InputSettings
from daemon.errors import HardwareError, PipitError
from daemon.tools.tool import Answer, Tool, Toolbox

if TYPE_CHECKING:
    from collections.abc import Callable


def table(**keys: Any) -> InputSettings:
    return InputSettings.model_validate({"name": "door", "kind": "contact", "pin": 17, **keys})


class PlayedSwitch:
    """Implements `hardware.base.Switch`."""

    def __init__(self, name: str = "door", *, active: bool = False) -> None:
        self.name = name
        self.active = active
        self.broken = False
        self.changed: Callable[[bool], None] = lambda _: None

    def read(self) -> bool:
        if self.broken:
            raise HardwareError(f"cannot use {self.name}", fix="check the wiring")
        return self.active

    def watch(self, changed: Callable[[bool], None]) -> None:
        self.read()
        self.changed = changed

    def close(self) -> None:
        pass

    def move(self, active: bool) -> None:
        self.active = active
        self.changed(active)


class Written:
    """What was done, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.refuses = ""

    def deeds(self) -> Deeds:
        return Deeds(
            toolbox=Toolbox([Tool.of(self.set_scene)]),
            say=self._say,
            listen=lambda: self.done.append("listen"),
            mute=lambda: self.done.append("mute"),
            turn_volume=lambda steps: self.done.append(f"volume {steps:+d}"),
            start=asyncio.create_task,
        )

    async def set_scene(self, scene: Annotated[str, Field(description="Which.")]) -> Answer:
        """Set a scene."""
        if self.refuses:
            raise PipitError(self.refuses, fix="wait")
        self.done.append(f"scene {scene}")
        return {"ok": True}

    def _say(self, text: str) -> None:
        if self.refuses:
            raise PipitError(self.refuses, fix="wait")
        self.done.append(f"say {text}")
