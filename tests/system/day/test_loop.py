"""Time jumps when nothing else can happen, and never otherwise."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from daemon.web.certificate import ensure_certificate
from tests.system.day.loop import JumpingSelector, SimulatedLoop, SingleThreadedLoop, Stuck, run_simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

MOMENT_S = 1e-6
"""Too short for any jump: whoever passes within it did so while time stood still."""


def now() -> float:
    return asyncio.get_running_loop().time()


async def serving(handler: Handler, **options: object) -> tuple[asyncio.Server, int]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0, **options)
    return server, server.sockets[0].getsockname()[1]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


# Timers


def test_with_nothing_else_to_do_time_jumps_from_timer_to_timer() -> None:
    async def main() -> list[tuple[str, float]]:
        seen = []

        async def note(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append((name, now()))

        async with asyncio.TaskGroup() as group:
            for name, seconds in (("night", 86_400.0), ("soon", 0.25), ("later", 3_600.0)):
                group.create_task(note(name, seconds))
        return seen

    assert run_simulated(main()) == [("soon", 0.25), ("later", 3_600.0), ("night", 86_400.0)]


def test_code_takes_no_time() -> None:
    async def main() -> float:
        for _ in range(1_000):
            await asyncio.sleep(0)
        return now()

    assert run_simulated(main()) == 0.0


# Threads


def test_time_stands_still_while_a_thread_works() -> None:
    may_end = threading.Event()

    async def main() -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(5, may_end.set)
        try:
            async with asyncio.timeout(4):
                return await asyncio.to_thread(work), now()
        finally:
            alarm.cancel()

    def work() -> str:
        assert not may_end.wait(0.05), "time ran away from the thread"
        return "done"

    assert run_simulated(main()) == ("done", 0.0)


def test_a_job_counts_until_its_result_is_here() -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        jobs = [loop.run_in_executor(None, int) for _ in range(50)]
        counts = [loop.jobs]
        await asyncio.gather(*jobs)
        await asyncio.sleep(1)
        return [*counts, loop.jobs]

    assert run_simulated(main()) == [50, 0]


def test_a_job_that_nobody_waits_for_any_more_counts_until_it_ends() -> None:
    begun, may_end = threading.Event(), threading.Event()

    async def main() -> tuple[int, int, float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        job = loop.run_in_executor(None, lambda: begun.set() or may_end.wait(10))
        begun.wait(10)
        job.cancel()
        await asyncio.sleep(0)
        running = loop.jobs
        loop.call_soon(may_end.set)
        await asyncio.sleep(1)
        return running, loop.jobs, now()

    assert run_simulated(main()) == (1, 0, 1.0)


# One thread


def test_one_thread_does_the_jobs_in_order_and_tells_their_results_and_errors() -> None:
    done: list[int] = []

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SingleThreadedLoop)
        jobs = [loop.run_in_executor(None, done.append, number) for number in range(3)]
        broken = asyncio.to_thread(int, "none")
        told = await asyncio.gather(*jobs, broken, asyncio.to_thread(threading.get_ident), return_exceptions=True)
        return [*told, loop.jobs, now()]

    with asyncio.Runner(loop_factory=SingleThreadedLoop) as runner:
        told = runner.run(main())
    assert done == [0, 1, 2]
    assert isinstance(told[3], ValueError)
    assert told[4:] == [threading.get_ident(), 0, 0.0]


def test_one_thread_does_a_job_that_nobody_waits_for_any_more() -> None:
    done: list[int] = []

    async def main() -> int:
        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, done.append, 1).cancel()
        loop.run_in_executor(None, int, "none").cancel()
        await asyncio.sleep(0)
        return loop.jobs  # type: ignore[attr-defined]

    with asyncio.Runner(loop_factory=SingleThreadedLoop) as runner:
        assert runner.run(main()) == 0
    assert done == [1]


# Sockets


def sides(folder: Path, *, encrypted: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The TLS arguments of a server and of its client."""
    if not encrypted:
        return {}, {}
    certificate = ensure_certificate(folder)
    return {"ssl": certificate.server_context()}, {"ssl": ssl.create_default_context(cafile=certificate.ca_file)}


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "TLS"])
def test_time_stands_still_while_sockets_talk(tmp_path: Path, encrypted: bool) -> None:
    server_side, client_side = sides(tmp_path, encrypted=encrypted)

    async def main() -> float:
        server, port = await serving(echo, **server_side)
        async with server, asyncio.timeout(MOMENT_S):
            for _ in range(5):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, **client_side)
                for size in (1, 100, 1_000_000):
                    writer.write(bytes(size))
                    assert await reader.readexactly(size) == bytes(size)
                writer.close()
                await writer.wait_closed()
        return now()

    assert run_simulated(main()) == 0.0


class LateKernel(JumpingSelector):
    """Says at once that nothing is ready, three times out of four, and the truth to whoever waits."""

    polls = 0

    def _look(self, timeout_s: float) -> list[Any]:
        self.polls += not timeout_s
        return [] if not timeout_s and self.polls % 4 else super()._look(timeout_s)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "TLS"])
def test_time_stands_still_for_a_packet_that_the_kernel_delivers_late(tmp_path: Path, encrypted: bool) -> None:
    server_side, client_side = sides(tmp_path, encrypted=encrypted)

    async def main() -> float:
        server, port = await serving(echo, **server_side)
        async with server, asyncio.timeout(3_600):
            for _ in range(20):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, **client_side)
                writer.write(b"hello")
                await reader.readexactly(5)
                writer.close()
                await writer.wait_closed()
            passed = now()
            await asyncio.sleep(1)  # the far end closes, too
        return passed

    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(LateKernel())) as runner:
        assert runner.run(main()) == 0.0


@pytest.mark.parametrize("end", ["close", "write_eof", "abort"])
def test_an_end_is_seen_at_the_moment_it_is_made(end: str) -> None:
    async def main() -> float:
        ended = asyncio.Event()

        async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(2)
            writer.write(b"goodbye")
            getattr(writer.transport, end)()
            ended.set()
            await asyncio.sleep(1)
            writer.close()

        server, port = await serving(leave)
        async with server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with suppress(ConnectionError):
                await reader.read()
            seen = now()
            assert ended.is_set()
            writer.close()
            await asyncio.sleep(5)
        return seen

    assert run_simulated(main()) == 2.0


def test_a_peer_that_does_not_read_does_not_stop_time() -> None:
    async def main() -> tuple[float, int]:
        received = 0

        async def sleep_then_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal received
            await asyncio.sleep(30)
            while data := await reader.read(1_000_000):
                received += len(data)
            writer.close()

        server, port = await serving(sleep_then_read)
        async with server:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(bytes(20_000_000))
            await writer.drain()
            drained = now()
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(1)
        return drained, received

    assert run_simulated(main()) == (30.0, 20_000_000)


def test_a_refused_connection_takes_no_time() -> None:
    async def main() -> float:
        server, port = await serving(echo)
        server.close()
        await server.wait_closed()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        return now()

    assert run_simulated(main()) == 0.0


def test_sockets_that_were_closed_are_forgotten() -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        server, port = await serving(echo)
        async with server:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(1)
            counts = [loop.open_sockets]
            writer.close()
            await asyncio.sleep(1)
        return [*counts, loop.open_sockets]

    assert run_simulated(main()) == [2, 0]


# Hanging


def test_what_can_never_happen_is_an_error() -> None:
    impatient = asyncio.Runner(loop_factory=lambda: SimulatedLoop(JumpingSelector(patience_s=0.05)))
    with impatient as runner, pytest.raises(Stuck, match="0 jobs"):
        runner.run(asyncio.Event().wait())


# A cable that is pulled


def test_what_is_sent_over_a_cable_that_is_pulled_arrives_whole_and_in_order_when_it_is_plugged() -> None:
    sound = bytes(range(256)) * 8_000  # more than the kernel takes at once

    async def main() -> list[tuple[bytes, float]]:
        arrived: list[tuple[bytes, float]] = []

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            arrived.append((await reader.read(), now()))
            writer.close()

        server, port = await serving(listen)
        async with server:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            loop = asyncio.get_running_loop()
            assert isinstance(loop, SimulatedLoop)
            writer.write(b"before ")
            await asyncio.sleep(1)
            loop.pull(port)
            writer.write(b"meanwhile ")
            await asyncio.sleep(10)
            writer.write(sound)
            writer.close()
            await asyncio.sleep(10)
            assert not arrived
            loop.plug(port)
            await asyncio.sleep(1)
        return arrived

    [(data, at_s)] = run_simulated(main())
    assert data == b"before meanwhile " + sound
    assert at_s == 21.0


def test_who_connects_while_it_is_pulled_is_there_when_it_is_plugged() -> None:
    async def main() -> float:
        server, port = await serving(echo)
        async with server:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, SimulatedLoop)
            loop.pull(port)
            loop.call_later(5, loop.plug, port)
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            connected_s = now()
            writer.close()
            await asyncio.sleep(1)
        return connected_s

    assert run_simulated(main()) == 5.0


@pytest.mark.parametrize("limited_first", [True, False])
def test_who_has_a_limit_for_what_is_not_acknowledged_loses_the_connection_then(limited_first: bool) -> None:
    async def main() -> float:
        server, port = await serving(echo)
        async with server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            loop, sock = asyncio.get_running_loop(), writer.get_extra_info("socket")
            assert isinstance(loop, SimulatedLoop)
            loop.pull(port)
            if limited_first:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 700)
            writer.write(b"hello")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 700)
            with pytest.raises(TimeoutError):
                await reader.read()
            lost_s = now()
            writer.close()
            await asyncio.sleep(1)
            loop.plug(port)
            await asyncio.sleep(1)
        return lost_s

    assert run_simulated(main()) == pytest.approx(0.7)
