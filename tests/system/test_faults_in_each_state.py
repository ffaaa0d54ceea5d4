"""Every way a session ends, in every state a conversation can be in: what is told, what is tried again, what is lost.

One row for each close code and reason that the service is known to send, and each way it fails without one. The causes
are written out here once more, beside those of `daemon.live.failures`, so that a change of the table there is noticed.

By default each fault is met in one state, a different one for each, and PIPIT_SEED draws others; three tables have one
of those that are the same to a conversation, and all where PIPIT_THOROUGH is set. PIPIT_FAULTS=all runs every fault in
every state, which takes two minutes.
"""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import StartActivity
from daemon.conversation.events import PlayoutDrained, SessionLost
from daemon.conversation.exchange import State
from daemon.conversation.rules import Rules
from daemon.offline.service.faults import AbortSocket, CloseSocket, ConnectionFaults, Loss, SocketEnd, Stall
from daemon.offline.wire.client_messages import AudioChunk
from daemon.sound.pcm import samples_of_ms
from daemon.web.certificate import ensure_certificate
from tests.covering import covering
from tests.repetition import THOROUGH
from tests.system.home import quiet
from tests.system.quick_home import REPLY, SITUATIONS, QuickHome, Situation, quick_home, same

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """A connection's end, and its cause if it comes in answer to the setup and if it comes later."""

    end: SocketEnd
    opening: Cause
    opened: Cause

    def __str__(self) -> str:
        return f"{self.end.close} {self.end.reason[:30]}".strip() if isinstance(self.end, CloseSocket) else "1006"


def _closed(code: int, reason: str, opening: Cause, opened: Cause | None = None) -> Fault:
    return Fault(CloseSocket(code, reason), opening, opened or opening)


FAULTS: Final = (
    _closed(1007, "Request contains an invalid argument.", Cause.SETUP_REFUSED),
    _closed(
        1007,
        "Invalid JSON payload received. Unknown name \"proactivity\" at 'setup': Cannot find field.",
        Cause.SETUP_REFUSED,
    ),
    _closed(1007, "API key expired. Please renew the API key.", Cause.KEY_REFUSED),
    _closed(1007, "API key not valid. Please pass a valid API key.", Cause.KEY_REFUSED),
    _closed(
        1008,
        "models/gemini-9 is not found for API version v1beta, or is not supported for bidiGenerateContent. Call",
        Cause.MODEL_UNKNOWN,
    ),
    _closed(1008, "Publisher model projects/p/models/gemini-9 was not found", Cause.MODEL_UNKNOWN),
    _closed(1008, "Operation is not implemented, or supported, or enabled.", Cause.SETUP_REFUSED, Cause.LOST),
    _closed(1008, "The operation was aborted.", Cause.SETUP_REFUSED, Cause.LOST),
    _closed(1008, "Requested entity was not found.", Cause.MODEL_UNKNOWN, Cause.LOST),
    _closed(
        1008,
        "Your API key was reported as leaked. Please use another API key, and think about who may have the other one.",
        Cause.KEY_REFUSED,
    ),
    _closed(1011, "Internal error encountered.", Cause.OVERLOADED),
    _closed(1011, "Internal error occurred.", Cause.OVERLOADED),
    _closed(1011, "The service is currently unavailable.", Cause.OVERLOADED),
    _closed(1011, "Deadline expired before operation could complete.", Cause.LOST),
    _closed(1011, "RESOURCE_EXHAUSTED", Cause.QUOTA),
    _closed(1011, "You exceeded your current quota, please check your plan and billing details.", Cause.QUOTA),
    _closed(1011, "Thread was cancelled when writing StartStep status.", Cause.OVERLOADED),
    _closed(1011, "keepalive ping timeout", Cause.LOST),
    _closed(1012, "Service restart", Cause.OVERLOADED),
    _closed(1013, "Try again later", Cause.OVERLOADED),
    _closed(1000, "", Cause.LOST),
    _closed(1001, "", Cause.LOST),
    _closed(4321, "unheard of", Cause.LOST),
    Fault(AbortSocket(), Cause.LOST, Cause.LOST),
)

TRIED_AGAIN: Final = {Cause.LOST, Cause.OVERLOADED}
"""Causes that pass; of all others the household is told at once."""
UNNOTICED: Final = {"said, still heard", "idle", "muted"}
"""Where the session is not needed any more."""
GIVEN_UP: Final = {"tool pending", "speaking"}
"""Where the request must not be made again: something was done, or part of the answer was heard."""


async def is_answered(home: QuickHome) -> None:
    """Nothing sticks: this request or the next is answered, every word of it arrives, and all comes to rest."""
    rules = home.appliance.conversation.rules
    home.appliance.conversation.rules = replace(rules, follow_up_s=0, linger_s=0, reply_deadline_s=10)
    drained = len(home.diary.all(PlayoutDrained))
    if home.state is State.MUTED:
        home.appliance.mute(muted=False)
    if home.state in {State.IDLE, State.LISTENING}:
        await home.ask()
    elif home.state is State.HEARING:
        await home.speak()
        home.end()
    await home.diary.until_happened(PlayoutDrained, times=drained + 1)
    assert same(home.server.sessions[-1].windows[-1].samples, home.last_asked())
    await is_over(home)


async def is_over(home: QuickHome) -> None:
    """Back at rest, with nothing left open on the server, and nothing going on here."""
    await home.until_state(State.IDLE)
    await home.until_closed()
    assert set(home.appliance._timers._running) <= {Timer.FAILURE}
    assert not home.tool.running
    assert not home.appliance.conversation.may_send


async def is_told(home: QuickHome, cause: Cause) -> None:
    """Once, by its own sound and by the light; and it is over."""
    await home.diary.until(lambda: bool(home.told))
    assert home.told == [cause]
    assert home.state is State.IDLE
    assert home.indicator.shown[-1] == "failed"
    assert "test-key" not in str(home.diary.events)
    await home.until(lambda: home.heard(cause))


ALL: Final = os.environ.get("PIPIT_FAULTS") == "all"
SHIFT: Final = random.Random(os.environ.get("PIPIT_SEED", "pipit")).randrange(36)  # noqa: S311


def crossed(faults: Sequence[Any], situations: Sequence[Any]) -> list[Any]:
    """Every fault in every situation, or in one of them each."""
    return [
        pytest.param(fault, situation, id=f"{fault}, {situation}")
        for row, fault in enumerate(faults)
        for column, situation in enumerate(situations)
        if ALL or (row + SHIFT) % len(situations) == column
    ]


def one_of_each(rows: Sequence[T], cause: Callable[[T], Hashable]) -> Sequence[T]:
    """The first of each cause: a conversation is told the same of the others, and another table has them all."""
    return rows if ALL or THOROUGH else list({cause(row): row for row in reversed(rows)}.values())


@pytest.mark.parametrize(("fault", "situation"), crossed(FAULTS, SITUATIONS))
async def test_an_open_session_that_ends(fault: Fault, situation: Situation, certificates: Path) -> None:
    """It is opened again if that may help, told if not, and not noticed where it does not matter."""
    turns = (*situation.turns, [REPLY], [REPLY])
    async with quick_home(turns, certificates=certificates, **situation.rules) as home:
        await situation.reach(home)
        dialled = home.dialled
        await home.server.hang_up(fault.end)
        if situation.name in UNNOTICED:
            if situation.name != "muted":
                await home.diary.until_happened(SessionLost)
            await home.until_state(State.IDLE, State.MUTED)
            assert home.told == []
            assert home.dialled == dialled
        elif fault.opened in TRIED_AGAIN and situation.name not in GIVEN_UP:
            await home.diary.until_happened(SessionLost)
            assert home.told == []
            assert home.dialled == dialled + 1
        else:
            await is_told(home, fault.opened)
            assert home.dialled == dialled
        await is_answered(home)


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
async def test_a_service_that_falls_silent(situation: Situation, certificates: Path) -> None:
    """Neither closed nor alive: who waits for an answer is told, and the session is given up."""
    turns = (*situation.turns, [REPLY], [REPLY])
    rules = {"reply_deadline_s": 1.0, "stalled_reply_s": 0.5} | situation.rules
    async with quick_home(turns, certificates=certificates, tool_limit_s=0.5, **rules) as home:
        await situation.reach(home)
        await home.server.hang_up(Stall())
        if situation.name in {"listening", "follow-up", "idle"}:
            await home.ask()
        elif situation.name == "hearing":
            home.end()
        if situation.name not in UNNOTICED - {"idle"}:
            await is_told(home, Cause.NO_REPLY)
        else:
            await home.until_state(State.IDLE, State.MUTED)
            assert home.told == []
        await is_answered(home)


SHOUT: Final = np.random.default_rng(3).normal(0, 6_000, samples_of_ms(600)).clip(-32_000, 32_000).astype(np.int16)


STREAMED: Final = one_of_each(FAULTS, lambda fault: fault.opened)


@pytest.mark.parametrize(("fault", "meanwhile"), crossed(STREAMED, ("listening", "hearing")))
async def test_a_stream_that_breaks_off(fault: Fault, meanwhile: str, certificates: Path) -> None:
    """Automatic turn taking: what is streamed is streamed again from where the listening began."""
    live = {"turns": {"taking": "automatic"}}
    async with quick_home(([REPLY], [REPLY]), certificates=certificates, live=live) as home:
        await begin_meanwhile(home, meanwhile)
        await (await home.session()).until(lambda s: bool(s.messages(AudioChunk)))
        await home.server.hang_up(fault.end)
        if fault.opened in TRIED_AGAIN:
            await home.diary.until_happened(SessionLost)
            assert home.told == []
        else:
            await is_told(home, fault.opened)
            home.wake()
        home.microphone.say(np.concatenate((quiet(0.5), SHOUT)))
        await home.diary.until_happened(PlayoutDrained)
        assert home.dialled == 2
        start = [c.from_sample for c in home.diary.commands if isinstance(c, StartActivity)][-1]
        streamed = home.server.sessions[-1].audio
        assert same(streamed, home.appliance.ring.read(start, start + len(streamed)))
        await is_over(home)


# While it is being opened


@dataclass(frozen=True)
class Obstacle:
    """What keeps a session from opening, as a household is told it."""

    name: str
    connection: ConnectionFaults
    cause: Cause

    def __str__(self) -> str:
        return self.name


OBSTACLES: Final = (
    *(
        Obstacle(str(fault), ConnectionFaults(refuse=fault.end), fault.opening)
        for fault in FAULTS
        if isinstance(fault.end, CloseSocket)
    ),
    Obstacle("cut off", ConnectionFaults(lose=Loss("setup")), Cause.LOST),
    Obstacle("never answered", ConnectionFaults(silent=True), Cause.TIMEOUT),
    *(
        Obstacle(f"HTTP {status}", ConnectionFaults(http_status=status), cause)
        for status, cause in (
            (400, Cause.SETUP_REFUSED),
            (401, Cause.KEY_REFUSED),
            (403, Cause.KEY_REFUSED),
            (404, Cause.SETUP_REFUSED),
            (429, Cause.QUOTA),
            (500, Cause.OVERLOADED),
            (503, Cause.OVERLOADED),
        )
    ),
)

MET: Final = one_of_each(OBSTACLES, lambda obstacle: (obstacle.cause, obstacle.connection.http_status is None))
MEANWHILE: Final = ("listening", "hearing", "thinking", "opened again")
"""What goes on while the session is being opened; the last is opened because one was lost."""


async def begin_meanwhile(home: QuickHome, meanwhile: str) -> None:
    if meanwhile in {"thinking", "opened again"}:
        home.ask_at_once()
    else:
        home.wake()
        if meanwhile == "hearing":
            home.begin()


@pytest.mark.parametrize(("obstacle", "meanwhile"), crossed(MET, MEANWHILE))
async def test_a_session_that_cannot_be_opened(obstacle: Obstacle, meanwhile: str, certificates: Path) -> None:
    """Met once it is no obstacle, if it is one that passes; else it is told at once, and nothing is tried again."""
    lost = [ConnectionFaults(lose=Loss("thinking"))] if meanwhile == "opened again" else []
    connections = [*lost, obstacle.connection]
    live = {"connect_timeout_s": 1.0} if obstacle.connection.silent else {}
    async with quick_home(([REPLY], [REPLY]), *connections, certificates=certificates, live=live) as home:
        await begin_meanwhile(home, meanwhile)
        if obstacle.cause in TRIED_AGAIN:
            await home.diary.until_happened(SessionLost, times=len(connections))
            assert home.told == []
            assert home.dialled == len(connections) + 1
        else:
            await is_told(home, obstacle.cause)
            assert home.dialled == len(connections)
        await is_answered(home)


PASSING: Final = one_of_each(
    [obstacle for obstacle in OBSTACLES if obstacle.cause in TRIED_AGAIN], lambda obstacle: obstacle.cause
)


@pytest.mark.parametrize(("obstacle", "meanwhile"), crossed(PASSING, MEANWHILE[:3]))
async def test_an_obstacle_that_does_not_pass(obstacle: Obstacle, meanwhile: str, certificates: Path) -> None:
    """It is told in the end, after as many attempts as the rules have it."""
    attempts = 1 + Rules().reopenings
    connections = [obstacle.connection] * attempts
    async with quick_home(([REPLY], [REPLY]), *connections, certificates=certificates) as home:
        await begin_meanwhile(home, meanwhile)
        await is_told(home, obstacle.cause)
        assert home.dialled == attempts
        await is_answered(home)


async def refuse_all(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


UNTRUSTED: Final = {
    "a stranger's certificate": (0, False, Cause.CERTIFICATE),
    "a certificate not yet valid": (30, True, Cause.CLOCK),
    "nobody there": (None, True, Cause.NO_NETWORK),
}


@pytest.mark.parametrize(("matter", "meanwhile"), covering(list(UNTRUSTED), MEANWHILE[:3]))
async def test_a_connection_that_cannot_be_trusted_or_made(
    matter: str, meanwhile: str, certificates: Path, tmp_path: Path, unused_tcp_port: int
) -> None:
    ahead, trusted, cause = UNTRUSTED[matter]
    files = ensure_certificate(tmp_path, datetime.now(UTC) + timedelta(days=ahead or 0))
    context = files.server_context()
    async with await asyncio.start_server(refuse_all, "127.0.0.1", 0, ssl=context) as stranger:
        port = unused_tcp_port if ahead is None else stranger.sockets[0].getsockname()[1]
        live = {"endpoint": f"https://127.0.0.1:{port}"} | ({"ca_file": str(files.ca_file)} if trusted else {})
        async with quick_home((), certificates=certificates, live=live) as home:
            await begin_meanwhile(home, meanwhile)
            await is_told(home, cause)
            assert home.dialled == 1
            await is_over(home)
