"""What can be asked over the control socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from daemon import __version__
from daemon.control_socket.powers import missing, verb
from daemon.control_socket.tool_verbs import Timers, Volume, how_loud, how_timers_stand, timers, volume

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from daemon.control_socket.powers import Powers
    from daemon.tools.tool import Answer

    Verbs = Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Answer]]]

STRICT: Final = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Nothing(BaseModel):
    model_config = STRICT


class Say(BaseModel):
    model_config = STRICT
    text: str
    expires_s: float = 3_600.0


class Message(BaseModel):
    model_config = STRICT
    number: Annotated[int, Field(ge=1)]


class Mute(BaseModel):
    model_config = STRICT
    on: bool | Literal["toggle"]


def verbs_of(powers: Powers) -> Verbs:
    """Each takes its arguments as they were sent, and raises PipitError to say no."""
    verbs = _Verbs(powers)
    return {
        "status": verb(Nothing, verbs.status),
        "say": verb(Say, verbs.say),
        "message": verb(Message, verbs.message),
        "ring": verb(Nothing, verbs.ring),
        "mute": verb(Mute, verbs.mute),
        "volume": verb(Volume, lambda asked: volume(powers, asked)),
        "timers": verb(Timers, lambda asked: timers(powers, asked)),
        "devices": verb(Nothing, verbs.devices),
    }


class _Verbs:
    def __init__(self, powers: Powers) -> None:
        self._powers = powers

    async def status(self, _: Nothing) -> Answer:
        """What it is doing; of timers and messages how many, for their names and words are somebody's."""
        powers = self._powers
        told: dict[str, Any] = {"ok": True, "version": __version__, **powers.standing.as_answer()}
        if powers.is_quiet:
            told["quiet"] = powers.is_quiet()
        if powers.troubles and (troubles := powers.troubles()):
            told["troubles"] = troubles
        if powers.bulletins:
            told["messages"] = powers.bulletins.waiting
        return {**told, **await how_timers_stand(powers), **await how_loud(powers)}

    async def say(self, asked: Say) -> Answer:
        if not self._powers.bulletins:
            raise missing("messages")
        return {"ok": True, "number": self._powers.bulletins.post(asked.text, expires_s=asked.expires_s)}

    async def message(self, asked: Message) -> Answer:
        if not self._powers.bulletins:
            raise missing("messages")
        return {"ok": True, "number": asked.number, "fate": self._powers.bulletins.fate(asked.number).value}

    async def ring(self, _: Nothing) -> Answer:
        if not self._powers.ring:
            raise missing("ring")
        self._powers.ring()
        return {"ok": True}

    async def devices(self, _: Nothing) -> Answer:
        """How each stands, read back, and what sensors measure; nobody is given more than to look."""
        powers = self._powers
        if "read_sensor" not in powers.toolbox:
            return await powers.by_tool("list_devices", {}, of="devices")
        listed = await powers.by_tool("list_devices", {}, of="devices") if "list_devices" in powers.toolbox else {}
        read = await powers.by_tool("read_sensor", {"sensor": "everything"}, of="sensors")
        failed = [{"sensor": "all", "error": read["error"]}] if "error" in read else []
        return {"ok": True, "devices": listed.get("devices", []), "readings": read.get("readings", failed)}

    async def mute(self, asked: Mute) -> Answer:
        standing = self._powers.standing
        wanted = not standing.is_muted if asked.on == "toggle" else asked.on
        if wanted != standing.is_muted:
            self._powers.mute(wanted)
        return {"ok": True, "muted": standing.is_muted}
