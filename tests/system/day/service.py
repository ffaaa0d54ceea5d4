"""The service of a simulated day: the offline server, what its connections suffer, and who has how many of them open."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from daemon.offline.faults import AbortSocket, ConnectionFaults, SocketEnd
from daemon.offline.protocol import FunctionAnswer
from daemon.offline.server import LiveServer

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from daemon.offline.records import ActivityWindow, SessionRecord
    from daemon.offline.session import Session
    from tests.system.day.brain import DayBrain
    from tests.system.day.troubles import Trouble

NOTICE_AFTER_S: Final = 540.0
NOTICE_S: Final = 60.0
"""The service ends a connection after ten minutes, and says so a minute before."""


class Service:
    """Use it as `async with`; it listens meanwhile."""

    def __init__(
        self, brain: DayBrain, certificates: Path, tally: Counter[str], complain: Callable[[str], None]
    ) -> None:
        self._tally = tally
        self._complain = complain
        self._coming: deque[ConnectionFaults] = deque()
        self._suffered: dict[int, ConnectionFaults] = {}
        self.server = LiveServer(
            brain,
            certificate_dir=certificates,
            faults=self._faults,
            record=True,
            clock=lambda: asyncio.get_running_loop().time(),
        )

    async def __aenter__(self) -> Service:
        await self.server.__aenter__()
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._tasks.__aexit__(None, None, None)
        await self.server.__aexit__(None, None, None)

    def prepare(self, trouble: Trouble) -> None:
        """What the connections of the next conversation suffer."""
        self._coming = deque(trouble.connections)
        if trouble.amnesia:
            self._tally["faults"] += 1
            self.server._house.handles._saved.clear()

    def open_sessions(self) -> list[Session]:
        """Those whose connection is neither closed nor closing."""
        return [session for session in self.server._live.values() if session._link.usable]

    def cut(self, end: SocketEnd) -> None:
        """End every open session so."""
        for session in self.open_sessions():
            self._tally["faults"] += 1
            self._tasks.create_task(_ended(session, end))

    def _faults(self, number: int) -> ConnectionFaults:
        """Asked at the handshake of a connection, and again when it is served."""
        if number not in self._suffered:
            self._suffered[number] = self._coming.popleft() if self._coming else ConnectionFaults()
            self._connected(number)
        return self._suffered[number]

    def _connected(self, number: int) -> None:
        self._tally["connections"] += 1
        self._tally["faults"] += self._suffered[number] != ConnectionFaults()
        for session in self.open_sessions():
            self._complain(f"connection {number} is made while {session._link.record.number} is open")
        asyncio.get_running_loop().call_later(NOTICE_AFTER_S, self._give_notice, number)

    def _give_notice(self, number: int) -> None:
        session = self.server._live.get(number)
        if session and session._link.usable:
            self._tally["goAways"] += 1
            self._tasks.create_task(session.go_away(NOTICE_S))

    # What it has heard

    def audit(self) -> list[ActivityWindow]:
        """The activity windows since the last audit. What has no business on the wire is complained about."""
        windows: list[ActivityWindow] = []
        for record in self.server.sessions:
            if record.stray_audio:
                self._complain(f"{len(record.stray_audio)} bytes of audio outside a window, session {record.number}")
            for call_id in _unanswered(record):
                self._complain(f"{call_id} was never answered, session {record.number}")
            self._count(record)
            windows += record.windows
            record.received.clear()
            record.sent.clear()
        return windows

    def _count(self, record: SessionRecord) -> None:
        for message in record.messages():
            handle = getattr(message, "handle", "")
            if handle:
                accepted = any("setupComplete" in sent.message for sent in record.sent)
                self._tally["resumptions" if accepted else "resumptions that failed"] += 1


async def _ended(session: Session, end: SocketEnd) -> None:
    if isinstance(end, AbortSocket):
        session._link.abort()
    else:
        await session._link.close(end.close, end.reason)


def _unanswered(record: SessionRecord) -> Sequence[str]:
    """The ids of the calls to which nothing came, and that nothing has taken back, on a session that is still open."""
    settled = {message.id for message in record.messages(FunctionAnswer) if isinstance(message, FunctionAnswer)}
    settled |= {id_ for sent in record.sent for id_ in sent.message.get("toolCallCancellation", {}).get("ids", ())}
    return [id_ for id_ in _called(record.sent) if record.open and id_ not in settled]


def _called(sent: Sequence[Any]) -> Iterator[str]:
    for item in sent:
        for call in item.message.get("toolCall", {}).get("functionCalls", ()):
            yield call["id"]
