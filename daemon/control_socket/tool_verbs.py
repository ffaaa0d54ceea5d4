"""Volume and timers over the control socket, by the tools that the model has: one way in, with the same limits."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from daemon.control_socket.control_lines import PAGE, ControlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.control_socket.powers import Powers
    from daemon.tools.tool import Answer


KINDS: Final = ("voice", "alarm", "announcements")
CHANGES: Final = frozenset({"cancel", "pause", "resume", "extend", "snooze", "skip_next"})


Do: TypeAlias = Literal[
    "list", "set", "alarm", "remind", "device", "cancel", "pause", "resume", "extend", "snooze", "skip_next"
]  # fmt: skip


class Volume(BaseModel):
    """Neither `percent` nor `change` only asks."""

    model_config = ConfigDict(extra="forbid", strict=True)
    percent: int | None = None
    change: int | None = None
    of: Literal["voice", "alarm", "announcements"] = "voice"


class Timers(BaseModel):
    """`at` is a local time, as "07:00" the next such, or with its date, as "2026-12-01T07:00"."""

    model_config = ConfigDict(extra="forbid", strict=True)
    do: Do = "list"
    seconds: int | None = None
    at: str | None = None
    repeat: str | None = None
    name: str | None = None
    text: str | None = None
    device: str | None = None
    state: str | None = None
    which: str | None = None


async def volume(powers: Powers, asked: Volume) -> Answer:
    """Raises ControlError."""
    name, given = _volume_tool(asked)
    return await powers.by_tool(name, {"of": asked.of, **given}, of="volume to be set")


def _volume_tool(asked: Volume) -> tuple[str, Mapping[str, Any]]:
    """The tool, and what it is told besides which volume is meant. Raises ControlError."""
    if asked.percent is None and asked.change is None:
        return "get_volume", {}
    if asked.change is None:
        return "set_volume", {"percent": asked.percent}
    if asked.percent is None and asked.change:
        return "change_volume", {"direction": "louder" if asked.change > 0 else "quieter", "percent": abs(asked.change)}
    raise ControlError("the volume has one percent, or a change that is not 0", fix=PAGE)


async def how_loud(powers: Powers) -> Answer:
    """For the status; empty without the tools."""
    if "get_volume" not in powers.toolbox:
        return {}
    answers = {of: await powers.by_tool("get_volume", {"of": of}, of="volume") for of in KINDS}
    return {"volume": {of: answer["percent"] for of, answer in answers.items() if "percent" in answer}}


async def how_timers_stand(powers: Powers) -> Answer:
    """For the status: how many, and not whose or what for; empty without the tools."""
    if "list_timers" not in powers.toolbox:
        return {}
    listed = (await powers.by_tool("list_timers", {}, of="timers")).get("timers", ())
    waiting = [timer for timer in listed if timer["state"] in {"running", "snoozed"}]
    left = [timer["left_s"] for timer in waiting if timer.get("left_s")]  # what waits for a clock to be set has none
    return {"timers": len(listed), "next_timer_s": min(left, default=None)}


async def timers(powers: Powers, asked: Timers) -> Answer:
    """Raises ControlError."""
    given = asked.model_dump(exclude={"do"}, exclude_none=True)
    name, takes = _tool_of(asked.do)
    if unfit := [key for key in given if key not in takes]:
        raise ControlError(f'"{asked.do}" takes no {" and no ".join(unfit)}', fix=PAGE)
    if "at" in given:
        given["at"] = next_at(given["at"], powers.now())
    if asked.do in CHANGES:
        given["change"] = asked.do
    if asked.do == "snooze":
        given.setdefault("which", "last")  # what else?
    if "change" in given and "which" not in given:
        raise ControlError(f'"{asked.do}" takes "which"', fix=PAGE)
    return await powers.by_tool(name, given, of="device to be switched later" if asked.do == "device" else "timers")


def _tool_of(what: str) -> tuple[str, frozenset[str]]:
    """The tool, and which of the arguments it takes."""
    match what:
        case "list":
            return "list_timers", frozenset()
        case "set":
            return "set_timer", frozenset({"seconds", "name"})
        case "alarm":
            return "set_alarm", frozenset({"at", "repeat", "name"})
        case "remind":
            return "set_reminder", frozenset({"text", "seconds", "at", "repeat"})
        case "device":
            return "plan_device", frozenset({"device", "state", "seconds", "at", "repeat"})
        case "extend" | "snooze":
            return "change_timer", frozenset({"which", "seconds"})
    return "change_timer", frozenset({"which"})


def next_at(at: str, now: datetime) -> str:
    """`at` as a local time with its date: of a time alone, the next after `now`. Raises ControlError."""
    try:
        if "T" in at:
            return datetime.fromisoformat(at).isoformat(timespec="minutes")
        clock = time.fromisoformat(at)
        today = datetime.combine(now.date(), clock)
        local = today if today > now.replace(tzinfo=None) else today + timedelta(days=1)
    except (ValueError, TypeError, OverflowError):  # TypeError: with a zone
        raise ControlError("that is no time", fix='write it as "07:00", or "2026-12-01T07:00"') from None
    return local.isoformat(timespec="minutes")
