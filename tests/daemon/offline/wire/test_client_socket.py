"""One side of a WebSocket after its end."""

import asyncio

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from daemon.offline.wire.client_messages import ActivityStart, Setup
from daemon.offline.wire.client_socket import Link
from daemon.offline.wire.pings import PatientConnection
from daemon.offline.wire.records import SessionRecord
from tests.daemon.offline.live_client import DEADLINE_S, Client, ManualClock


class Ends:
    """Both ends of a connection: a Link on the server's side, a Client on the other."""

    def __init__(self, *, keep: bool = True) -> None:
        self.record = SessionRecord(1, "/")
        self.clock = ManualClock()
        self._keep = keep
        self._link: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()

    async def __aenter__(self) -> tuple[Link, Client]:
        self._server = await serve(self._serve, "127.0.0.1", 0, create_connection=PatientConnection)
        port = self._server.sockets[0].getsockname()[1]
        self._socket = await connect(f"ws://127.0.0.1:{port}", proxy=None)
        return await self._link, Client(self._socket)

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._socket.close()
        self._server.close()
        async with asyncio.timeout(DEADLINE_S):
            await self._server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        assert isinstance(connection, PatientConnection)
        self._link.set_result(Link(connection, self.record, self.clock, self.clock.sleep, keep=self._keep))
        await self._over.wait()


async def test_messages_are_dated_by_the_clock() -> None:
    ends = Ends()
    async with ends as (link, client):
        ends.clock.advance(3)
        link.note(ActivityStart())
        await link.send({"goAway": {}})
        assert await client.receive() == {"goAway": {}}
    assert [(item.at_s, item.message) for item in ends.record.received] == [(3, ActivityStart())]
    assert [(item.at_s, item.message) for item in ends.record.sent] == [(3, {"goAway": {}})]


async def test_without_keeping_only_the_setup_is_known() -> None:
    ends = Ends(keep=False)
    async with ends as (link, _):
        link.note(Setup("m"))
        await link.send({})
    assert (ends.record.setup, ends.record.received, ends.record.sent) == (Setup("m"), [], [])


async def test_a_long_reason_is_cut() -> None:
    async with Ends() as (link, client), asyncio.TaskGroup() as tasks:
        tasks.create_task(link.close(1008, "é" * 100))
        assert await client.closed() == (1008, "é" * 61)


async def test_after_the_end_nothing_is_sent_and_nothing_heard() -> None:
    ends = Ends()
    async with ends as (link, client):
        assert link.usable
        await client.send({"late": 1})
        async with asyncio.timeout(DEADLINE_S):
            await (await client.socket.ping())  # now it waits at the other end
        link.abort()
        assert not link.usable
        await link.send({"too": "late"})
        async with asyncio.timeout(DEADLINE_S):
            assert [frame async for frame in link.frames()] == []
    assert ends.record.sent == []


async def test_a_client_that_has_gone_is_no_error() -> None:
    async with Ends() as (link, client), asyncio.timeout(DEADLINE_S):
        client.socket.transport.abort()
        assert [frame async for frame in link.frames()] == []
        await link.send({"hello": 1})
        assert not link.usable
