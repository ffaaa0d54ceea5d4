"""The tools by which somebody asks for more, less, or how much it is."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from daemon.abilities.volume.scale import FULL, SOFTEST, Whose
from daemon.abilities.volume.volumes import Volumes
from daemon.errors import PipitError
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo

Of = Annotated[Whose, Field(description="Of the voice, unless the user speaks of alarms or of announcements.")]

FORGETTABLE: Final = "it holds now, but will be forgotten at a restart"
SOFTEST_NOTE: Final = "this is as quiet as quieter goes; set_volume to 0 makes it silent"


def volume_tools(volumes: Volumes, step_percent: int) -> Sequence[Tool]:
    """`set_volume`, `change_volume` and `get_volume`."""
    tools = _Volumes(volumes, step_percent)
    return [Tool.of(tools.set_volume), Tool.of(tools.change_volume), Tool.of(tools.get_volume)]


class _Volumes:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, volumes: Volumes, step_percent: int) -> None:
        self._volumes = volumes
        self._step_percent = step_percent

    async def set_volume(
        self,
        percent: Annotated[int, Field(description="0 is silent, 100 is full.", ge=0, le=FULL)],
        undo: Undo,
        of: Of = "voice",
    ) -> Answer:
        """Set the volume. The answer says what it is now: at some times of the day there is a largest one."""
        if of == "alarm" and percent < SOFTEST:
            raise PipitError(
                f"an alarm cannot be softer than {SOFTEST} percent, for nobody would hear it",
                fix=f"choose {SOFTEST} or more, or cancel the alarm",
            )
        self._noting(of, undo)
        self._volumes.wish(of, percent)
        return await self._kept(of, self._beyond(of, percent))

    async def change_volume(
        self,
        direction: Annotated[Literal["louder", "quieter"], Field(description="Which way.")],
        undo: Undo,
        percent: Annotated[int, Field(description="By how much; leave it out for a step.", ge=0, le=FULL)] = 0,
        of: Of = "voice",
    ) -> Answer:
        """Make it louder or quieter. The answer says what the volume is now."""
        by = percent or self._step_percent
        before = self._volumes.percent(of)
        self._noting(of, undo)
        self._volumes.nudge(of, by if direction == "louder" else -by)
        if direction == "louder":
            return await self._kept(of, self._beyond(of, before + by))
        return await self._kept(of, SOFTEST_NOTE if before - by < SOFTEST else "")

    async def get_volume(self, of: Of = "voice") -> Answer:
        """Tell what the volume is."""
        return self._state(of)

    def _noting(self, of: Whose, undo: Undo) -> None:
        before = self._volumes.chosen(of)

        async def back() -> None:
            self._volumes.choose(of, before)
            await self._volumes.keep(of)

        undo.add(back)

    async def _kept(self, of: Whose, note: str) -> Answer:
        kept = await self._volumes.keep(of)
        notes = [note, "" if kept else FORGETTABLE]
        told = "; ".join(filter(None, notes))
        return {**self._state(of), **({"note": told} if told else {})}

    def _state(self, of: Whose) -> dict[str, Any]:
        return {"ok": True, "of": of, "percent": self._volumes.percent(of), "largest": self._volumes.largest(of)}

    def _beyond(self, of: Whose, percent: int) -> str:
        """Why it is not as loud as was asked for; empty if it is."""
        if percent <= self._volumes.largest(of):
            return ""
        if ceiling := self._volumes.ceiling(of):
            return f"it cannot be louder than {ceiling.percent} percent {ceiling.hours}"
        return "it cannot be louder"
