"""A household as the verbs see it: real messages and a real toolbox, whose tools note what they are told."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from daemon.control_socket.powers import Powers
from daemon.control_socket.standing import Standing
from daemon.control_socket.verbs import verbs_of
from daemon.conversation.events import MuteSwitched
from daemon.conversation.exchange import State
from daemon.conversation.situation import Situation
from daemon.errors import UsageError
from daemon.sound.pcm import Samples
from daemon.speech.bulletins import Bulletins
from daemon.tools.tool import Answer, Tool, Toolbox

if TYPE_CHECKING:
    from daemon.control_socket.verbs import Verbs

PASTA = {"number": 3, "kind": "timer", "name": "pasta", "due": "2026-11-30T12:10:00+00:00", "left_s": 600}
BINS = {"number": 12, "kind": "reminder", "text": "the bins", "due": "2026-12-01T07:00:00+00:00", "left_s": 68_400}


class Home:
    def __init__(self) -> None:
        self.said: list[tuple[str, Mapping[str, Any]]] = []
        self.rings = 0
        self.now_s = 0.0
        self.percent = 60
        self.timers: list[Mapping[str, Any]] = [
            {**PASTA, "state": "running", "repeat": ""},
            {**BINS, "state": "running", "repeat": "FREQ=DAILY"},
            {"number": 20, "kind": "timer", "name": "", "state": "ringing"},
        ]
        self.standing = Standing()
        self.bulletins = Bulletins(self.speak, lambda: False, lambda: self.now_s, start=self.start)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        return task

    async def speak(self, text: str) -> Samples:
        return np.full(len(text), 7, np.int16)

    def mute(self, muted: bool) -> None:
        state = State.MUTED if muted else State.IDLE
        self.standing.happened(MuteSwitched(muted), (), Situation(state=state))

    def ring(self) -> None:
        self.rings += 1

    def powers(self) -> Powers:
        tools = (
            self.list_timers,
            self.set_timer,
            self.set_alarm,
            self.set_reminder,
            self.change_timer,
            self.plan_device,
        )
        volume = (self.set_volume, self.change_volume, self.get_volume)
        return Powers(
            standing=self.standing,
            mute=self.mute,
            toolbox=Toolbox([Tool.of(tool) for tool in (*tools, *volume)]),
            now=lambda: datetime(2026, 11, 30, 12, 0, tzinfo=UTC),
            bulletins=self.bulletins,
            ring=self.ring,
            is_quiet=lambda: False,
        )

    def bare(self) -> Powers:
        """One that has none of it."""
        return Powers(standing=self.standing, mute=self.mute, toolbox=Toolbox([]), now=datetime.now)

    def verbs(self) -> "Verbs":
        return verbs_of(self.powers())

    def _set(self, told: str, **arguments: Any) -> Answer:
        self.said.append((told, arguments))
        words = "Monday 30 November, 12:10"
        return {"ok": True, "kind": "timer", "number": 4, "name": arguments.get("name", ""), "due_in_words": words,
                "left_s": 600, "due": "2026-11-30T12:10:00+00:00"}  # fmt: skip

    async def list_timers(self) -> Answer:
        return {"ok": True, "now": "2026-11-30T12:00:00", "timers": self.timers}

    async def set_timer(self, seconds: int, name: str = "") -> Answer:
        if seconds > 86_400:
            raise UsageError("a timer lasts a day at most", fix="set an alarm")
        return self._set("set_timer", seconds=seconds, name=name)

    async def set_alarm(self, at: str, repeat: str = "", name: str = "") -> Answer:
        return self._set("set_alarm", at=at, repeat=repeat, name=name)

    async def set_reminder(self, text: str, seconds: int = 0, at: str = "", repeat: str = "") -> Answer:
        return self._set("set_reminder", text=text, seconds=seconds, at=at, repeat=repeat)

    async def plan_device(
        self, device: str, state: Literal["on", "off", "toggle"], seconds: int = 0, at: str = "", repeat: str = ""
    ) -> Answer:
        return self._set("plan_device", device=device, state=state, seconds=seconds, at=at, repeat=repeat)

    async def change_timer(self, which: str, change: str, seconds: int = 0) -> Answer:
        self.said.append(("change_timer", {"which": which, "change": change, "seconds": seconds}))
        return {"ok": True, "changed": 1}

    async def set_volume(self, percent: int, of: str = "voice") -> Answer:
        self.percent = percent
        return await self.get_volume(of)

    async def change_volume(self, direction: Literal["louder", "quieter"], percent: int, of: str = "voice") -> Answer:
        self.percent += percent if direction == "louder" else -percent
        return await self.get_volume(of)

    async def get_volume(self, of: str = "voice") -> Answer:
        return {"ok": True, "of": of, "percent": self.percent, "largest": 80 if of == "alarm" else 100}
