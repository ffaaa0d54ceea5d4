"""A day on which the service comes and goes: killed, frozen or unplugged, before, while and after somebody speaks.

Every request is marked, and does one thing that is written down. Whoever answers it: it was heard whole, it was done,
and it was done once. When the service is back for good, it answers again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from daemon.brain.brain import Heard, Spoken
from daemon.conversation.causes import Cause
from daemon.conversation.commands import Announce, OpenSession
from daemon.conversation.events import PlayoutDrained, ServiceReturned
from daemon.conversation.exchange import State
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import ConnectionFaults, Loss
from daemon.tools.tool import Tool, Toolbox
from tests.daemon.at_home.brain_in_process import InProcess
from tests.repetition import THOROUGH
from tests.system.day.loop import SimulatedLoop
from tests.system.day.speech import ears, numbers_said, reply_sound, utterance, wake_word
from tests.system.home import home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.brain.brain import CallTool, UserTurn
    from tests.system.home import Home

SPOKEN_S: Final = 1.4
AT_S: Final = {"before": -0.5, "while": 0.7, "after": SPOKEN_S + 1.0}
"""When it happens, from the first word of the request on; the end is found 0.8 s after the last."""
KINDS: Final = {
    "killed": ConnectionFaults(lose=Loss("setup")),
    "frozen": ConnectionFaults(silent=True),
    "unplugged": ConnectionFaults(),
}
"""What connections suffer meanwhile; what is open then is broken off, or hangs. Unplugged, none comes about."""
STRETCHES: Final = len(KINDS) * (len(AT_S) if THOROUGH else 1)
"""Of all kinds, at all times; or one of each."""


@dataclass
class Marked:
    """Does one thing for what is said: as the service, and as the brain at home."""

    heard: Counter[int] = field(default_factory=Counter)

    async def sure(self, turn: UserTurn) -> bool:
        return bool([*_whole(turn)])

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        for number in _whole(turn):
            self.heard[number] += 1
            yield Heard(f"utterance {number}")
            await call_tool("note", {"word": str(number)})
            yield Spoken("It is noted.", reply_sound(number, 0, 0, 0.4))


def _whole(turn: UserTurn) -> list[int]:
    """The requests in it that arrived from their first sample to their last."""
    sound = turn.audio.tobytes()
    return [number for number in numbers_said(turn.audio) if utterance(number, SPOKEN_S).tobytes() in sound]


@dataclass
class Weather:
    """What becomes of connections."""

    kind: str = ""

    def faults(self, _: int) -> ConnectionFaults:
        return KINDS[self.kind] if self.kind else ConnectionFaults()

    def turns(self, kind: str, server: LiveServer) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        if self.kind == "unplugged":
            loop.plug(server.port)
        self.kind = kind
        if kind == "unplugged":
            loop.pull(server.port)
        for session in [session for session in server._live.values() if session._link.usable]:
            if kind == "frozen":
                session._link._connection.transport.pause_reading()
            elif kind == "killed":
                session._link.abort()


async def _ask(here: Home, number: int, at_s: float, happens: Any) -> None:
    """Say request `number`; `happens` so long after its first word."""
    word, loop = wake_word(), asyncio.get_running_loop()
    first_s = 1.0 + len(word) / 16_000
    loop.call_later((first_s + at_s) / 4, happens)  # the cards run four times as fast as the loop's time
    here.say(word, utterance(number, SPOKEN_S))
    drained = len(here.diary.all(PlayoutDrained))
    await here.diary.until(lambda: len(here.diary.all(PlayoutDrained)) > drained)
    await here.until_state(State.IDLE)


@pytest.mark.parametrize("seed", [1])
async def test_no_word_is_lost_and_nothing_done_twice_and_the_service_is_taken_up_again(
    seed: int, models: Path, certificates: Path
) -> None:
    cloud, local, weather, noted = Marked(), Marked(), Weather(), Counter[str]()

    async def note(word: str) -> dict[str, Any]:
        """Write it down."""
        noted[word] += 1
        return {"ok": True}

    draw = Random(seed)  # noqa: S311
    times = draw.sample([*AT_S], len(KINDS))
    stretches = [*zip(KINDS, times, strict=True), *set(product(KINDS, AT_S)) - set(zip(KINDS, times, strict=True))]
    server = LiveServer(cloud, certificate_dir=certificates, faults=weather.faults)
    tables: dict[str, Any] = {"listener": lambda _, listening: ears(listening), "toolbox": Toolbox([Tool.of(note)])}
    async with server, home(server, models, brain=InProcess(local).start, **tables) as here:
        number = 0
        for kind, when in stretches[:STRETCHES]:
            for happens in (lambda: weather.turns(kind, server), lambda: None, lambda: weather.turns("", server)):  # noqa: B023 - it happens now
                number += 1
                await _ask(here, number, AT_S[when], happens)
            found = len(here.diary.all(ServiceReturned))
            if here.appliance.conversation._home.away:
                await here.diary.until_happened(ServiceReturned, found + 1)
            number += 1
            await _ask(here, number, 0.0, lambda: None)
            assert cloud.heard[number] == 1, f"not taken up again after {kind} {when}"
        opened = Counter(command for command in here.diary.commands if isinstance(command, OpenSession))
        told = [c.cause for c in here.diary.commands if isinstance(c, Announce) and isinstance(c.cause, Cause)]
    assert noted == Counter({str(each): 1 for each in range(1, number + 1)})
    assert not told
    assert opened[OpenSession(local=True)] >= STRETCHES
