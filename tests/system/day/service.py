"""The service of a simulated day: the offline server, what its connections suffer, and how many of them are open."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from daemon.offline.server import LiveServer
from daemon.offline.service.faults import AbortSocket, ConnectionFaults, SocketEnd
from daemon.offline.wire.client_messages import FunctionAnswer
from tests.system.day.loop import SimulatedLoop

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from daemon.offline.session.served_session import Session
    from daemon.offline.wire.records import ActivityWindow, SessionRecord
    from daemon.offline.wire.server_messages import ServerMessage
    from tests.system.day.brain import DayBrain
    from tests.system.day.troubles import Trouble

NOTICE_AFTER_S: Final = 540.0
NOTICE_S: Final = 60.0
"""The service ends a connection after ten minutes, and says so a minute before."""


LONGEST_TURN_S: Final = 30.0
TIME_IS_UP: Final = "Deadline expired before"
"""How the server's reason begins then."""


class Service:
    """Use it as `async with`; it listens meanwhile."""

    def __init__(
        self, brain: DayBrain, certificates: Path, tally: Counter[str], complain: Callable[[str], None]
    ) -> None:
        self._tally = tally
        self._complain = complain
        self._coming: deque[ConnectionFaults] = deque()
        self._suffered: dict[int, ConnectionFaults] = {}
        self._hangs = False
        self._hung: set[int] = set()
        self._leaving: set[int] = set()
        self.at_rest: Callable[[], bool] = lambda: False
        """Whether the appliance is."""
        brain.on_told_to_go = self.told_to_go
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
        self._hangs = trouble.hang
        if trouble.amnesia:
            self._tally["faults"] += 1
            self.server._house.handles._saved.clear()

    @property
    def connections(self) -> int:
        """How many are open, as the appliance sees it: to the service, one that hangs is open for longer."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        return loop.open_to(self.server.port)

    @property
    def sessions(self) -> list[int]:
        """The numbers of those that the service has not seen the end of."""
        return [record.number for record in self.server.sessions if record.open]

    def cut(self, end: SocketEnd) -> None:
        """End every open session so."""
        for session in self._open_sessions():
            self._tally["faults"] += 1
            self._tasks.create_task(_ended(session, end))

    def hang(self) -> None:
        """Read nothing more of what is sent on the connections that are open now, not even that they are closed."""
        for session in self._open_sessions():
            self._tally["faults"] += 1
            self._hung.add(session._link.record.number)
            session._link._connection.transport.pause_reading()

    def _open_sessions(self) -> list[Session]:
        return [session for session in self.server._live.values() if session._link.usable]

    def _faults(self, number: int) -> ConnectionFaults:
        """Asked at the handshake of a connection, and again when it is served."""
        if number not in self._suffered:
            self._suffered[number] = self._coming.popleft() if self._coming else ConnectionFaults()
            self._connected(number)
        return self._suffered[number]

    def _connected(self, number: int) -> None:
        self._tally["connections"] += 1
        self._tally["faults"] += self._suffered[number] != ConnectionFaults()
        if self.connections != 1:
            self._complain(f"connection {number} is one of {self.connections}")
        asyncio.get_running_loop().call_later(NOTICE_AFTER_S, self._give_notice, number)

    def _give_notice(self, number: int) -> None:
        session = self.server._live.get(number)
        if session and session._link.usable:
            self._tally["goAways"] += 1
            self._tasks.create_task(self._go_away(session))

    async def _go_away(self, session: Session) -> None:
        """With nobody talking, every other connection hangs from then on."""
        await session.go_away(NOTICE_S)
        if session._link.record.number % 2 and self.at_rest():
            self.hang()

    def told_to_go(self) -> None:
        """The brain has had the client told."""
        if self._hangs:
            self.hang()

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
            self._check_the_leaving(record)
            windows += record.windows
            record.received.clear()
            record.sent.clear()
        return windows

    def _check_the_leaving(self, record: SessionRecord) -> None:
        """Whoever is given notice has left before the time is up, unless that was shorter than a turn takes."""
        if any(_notice_s(sent.message) >= LONGEST_TURN_S for sent in record.sent):
            self._leaving.add(record.number)
        if record.number in self._leaving - self._hung and record.close_reason.startswith(TIME_IS_UP):
            self._complain(f"session {record.number} was not left in time")

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


def _notice_s(message: ServerMessage) -> float:
    """The time left by a goAway; 0 for any other message."""
    return float(message.get("goAway", {}).get("timeLeft", "0s").rstrip("s"))


def _called(sent: Sequence[Any]) -> Iterator[str]:
    for item in sent:
        for call in item.message.get("toolCall", {}).get("functionCalls", ()):
            yield call["id"]
