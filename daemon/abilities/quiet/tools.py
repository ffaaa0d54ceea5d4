"""The tool by which somebody says that nobody is to be disturbed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from daemon.abilities.quiet.local_clock import LocalClock
from daemon.abilities.quiet.quiet import LONGEST_S, Quiet
from daemon.abilities.quiet.spoken_quiet import Said
from daemon.errors import PipitError
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo

UNSAID_S: Final = 8 * 3600
"""For one who says no time, which the answer then tells: a night."""
FORGETTABLE: Final = "it holds now, but will be forgotten at a restart"


def quiet_tools(quiet: Quiet, clock: LocalClock) -> Sequence[Tool]:
    """`do_not_disturb`."""
    return [Tool.of(_Quieting(quiet, clock).do_not_disturb)]


class _Quieting:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, quiet: Quiet, clock: LocalClock) -> None:
        self._quiet = quiet
        self._clock = clock

    async def do_not_disturb(
        self,
        undo: Undo,
        until: Annotated[
            str, Field(description="Until when, as local time in ISO 8601 such as 2026-12-01T08:00.", max_length=40)
        ] = "",
        seconds: Annotated[int, Field(description="Or for how long.", ge=0, le=int(LONGEST_S))] = 0,
        on: Annotated[bool, Field(description="False ends it, and tonight's quiet hours too.")] = True,
    ) -> Answer:
        """Hold back messages and make sounds softer for a while, when the user does not want to be disturbed.

        Alarms and timers still ring. The answer says until when.
        """
        before = self._quiet.said
        undo.add(lambda: self._back_to(before))
        kept = await (self._quiet.hush(self._moment(until, seconds)) if on else self._quiet.lift())
        return {"ok": True, **self._now(), **({} if kept else {"note": FORGETTABLE})}

    async def _back_to(self, before: Said) -> None:
        await self._quiet.take(before)

    def _now(self) -> dict[str, Any]:
        if end := self._quiet.until:
            return {"on": True, "until": end.isoformat(timespec="minutes"), "until_in_words": _in_words(end)}
        if begin := self._quiet.next_hours:
            return {"on": False, "quiet_hours_begin": begin.isoformat(timespec="minutes")}
        return {"on": False}

    def _moment(self, until: str, seconds: int) -> float:
        """Raises PipitError for a time that is none, is over, or is too far away."""
        now = self._clock.wall()
        if not until:
            return now + (seconds or UNSAID_S)
        if seconds:
            raise PipitError("until and seconds cannot both be given", fix="give one of them")
        try:
            moment = self._clock.moment(datetime.fromisoformat(until))
        except ValueError:
            raise PipitError(f'"{until}" is no local time', fix=f"write it as {_example(self._clock)}") from None
        if moment <= now:
            raise PipitError(f"{until} is over, it is {self._clock.now():%Y-%m-%dT%H:%M}", fix="choose a time to come")
        if moment - now > LONGEST_S:
            raise PipitError(
                f"{until} is more than 7 days away", fix="choose a time within 7 days, or set [quiet] hours"
            )
        return moment


def _in_words(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"


def _example(clock: LocalClock) -> str:
    return f"{clock.now():%Y-%m-%dT}23:00"
