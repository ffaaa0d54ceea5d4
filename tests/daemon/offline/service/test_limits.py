"""How long a client is let talk, and how many are let in."""

from contextlib import ExitStack
from typing import Any

import pytest

from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.service.limits import Places
from daemon.offline.service.server_options import Limits, ServerOptions
from daemon.offline.wire.mapping import WireError
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import Client, ManualClock, connected

TIME_UP = (1011, "Deadline expired before operation could complete.")
PICTURE = {"realtimeInput": {"video": {"data": "AAAA", "mimeType": "image/jpeg"}}}
COMPRESSED: dict[str, Any] = {"contextWindowCompression": {"slidingWindow": {}}}


def limited(serve: Serve, clock: ManualClock, **limits: Any) -> Any:
    options = ServerOptions(limits=Limits(**limits))
    return serve(ScriptedBrain(Scenario()), options=options, clock=clock, sleep=clock.sleep)


async def ends(client: Client, clock: ManualClock, after_s: float, notice_s: float = 60) -> None:
    """The connection is announced to end, and ends, so many seconds from now; not a second earlier."""
    await clock.asleep(after_s)
    clock.advance(after_s - notice_s - 1)
    await client.write("Still there?")
    assert not [message for message in await client.until() if "goAway" in message]
    clock.advance(1)
    assert (await client.until("goAway"))[-1] == {"goAway": {"timeLeft": f"{notice_s}s"}}
    await clock.asleep(notice_s)
    clock.advance(notice_s - 1)
    await client.write("Still there?")
    await client.until()
    clock.advance(1)
    assert await client.closed() == TIME_UP


class TestConnections:
    async def test_ten_minutes_and_a_minutes_notice(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server, connected(server) as client:
            await client.set_up(**COMPRESSED)
            await ends(client, clock, 600)

    async def test_as_the_scenario_has_it(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock, connection_s=50, go_away_s=9) as server, connected(server) as client:
            await client.set_up(**COMPRESSED)
            await ends(client, clock, 50, 9)

    async def test_a_notice_longer_than_the_connection_comes_at_once(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock, connection_s=5) as server, connected(server) as client:
            await client.set_up()
            assert await client.receive() == {"goAway": {"timeLeft": "5s"}}
            await clock.asleep(5)
            clock.advance(5)
            assert await client.closed() == TIME_UP

    async def test_no_limit(self, serve: Serve) -> None:
        clock = ManualClock()
        limits = {"connection_s": None, "session_s": None}
        async with limited(serve, clock, **limits) as server, connected(server) as client:
            await client.set_up()
            clock.advance(100_000)
            await client.write("Still there?")
            await client.until()

    async def test_a_go_away_of_the_scenario_takes_the_place_of_the_limit(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server, connected(server) as client:
            await client.set_up()
            await server.go_away(10)
            assert await client.receive() == {"goAway": {"timeLeft": "10s"}}
            await clock.asleep(10)
            clock.advance(10)
            assert await client.closed() == TIME_UP


class TestSessions:
    async def test_a_quarter_of_an_hour_without_compression(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock, connection_s=None) as server, connected(server) as client:
            await client.set_up()
            await ends(client, clock, 900)

    async def test_two_minutes_with_pictures(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server, connected(server) as client:
            await client.set_up()
            clock.advance(20)
            await client.send(PICTURE)
            await client.write("What is this?")
            await client.until()
            await ends(client, clock, 100)

    async def test_a_picture_too_late_ends_it_at_once(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server, connected(server) as client:
            await client.set_up()
            clock.advance(130)
            await client.send(PICTURE)
            assert await client.receive() == {"goAway": {"timeLeft": "0s"}}
            assert await client.closed() == TIME_UP

    async def test_compression_lifts_both(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server, connected(server) as client:
            await client.set_up(**COMPRESSED)
            await client.send(PICTURE)
            await client.write("What is this?")
            await client.until()
            await ends(client, clock, 600)

    async def test_the_time_goes_on_over_resumed_connections(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock) as server:
            async with connected(server) as client:
                await client.set_up(sessionResumption={})
                clock.advance(400)
                await client.write("one")
                handle = (await client.until("newHandle"))[-1]["sessionResumptionUpdate"]["newHandle"]
            await (await server.session(1)).until(lambda session: not session.open)
            clock.advance(5_000)  # nobody is connected: that does not count
            async with connected(server) as client:
                await client.set_up(sessionResumption={"handle": handle})
                await ends(client, clock, 500)


class TestPlaces:
    async def test_one_session_too_many(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock, sessions=2) as server:
            async with connected(server) as first, connected(server) as second, connected(server) as third:
                await first.set_up()
                await second.set_up()
                await third.send({"setup": {"model": "m"}})
                code, reason = await third.closed()
                assert server.peak_sessions == 2
            assert code == 1011
            assert "[ORIGINAL ERROR] generic::resource_exhausted: RESOURCE_EXHAUSTED: Maximum concurrent se" in reason
            assert len(reason) == 123
            await (await server.session(1)).until(lambda session: not session.open)
            async with connected(server) as later:
                await later.set_up()

    async def test_who_was_refused_has_no_place(self, serve: Serve) -> None:
        clock = ManualClock()
        async with limited(serve, clock, sessions=1) as server:
            async with connected(server) as refused:
                await refused.send({"setup": {"model": "m", "sessionResumption": {"handle": "unknown"}}})
                assert (await refused.closed())[0] == 1008
            async with connected(server) as client:
                await client.set_up()

    def test_without_a_limit(self) -> None:
        places = Places(None)
        with ExitStack() as stack:
            for _ in range(1_000):
                stack.enter_context(places.taken())
        assert places.peak == 1_000

    def test_none_left(self) -> None:
        places = Places(1)
        with places.taken(), pytest.raises(WireError, match="RESOURCE_EXHAUSTED"), places.taken():
            pass
        with places.taken():
            assert places.peak == 1
