"""What the home server adds when it relays: to the way of a reply, and of CPU for each client.

The service and its clients are in this process, the home server in one of its own; TLS on both ways. The same message
goes the direct way in the same run, in turns. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import statistics
import sys
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from daemon.web.certificate import ensure_certificate
from tests.benchmarks.test_live_latency import p99, shown
from tests.daemon.live.peer import Peer, serving
from tests.daemon.offline.live_client import PATH

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from websockets.asyncio.connection import Connection

    from tests.benchmarks.figures import Figures

ROOT = Path(__file__).parents[2]
MESSAGES: Final = 400
PAUSE_S: Final = 0.01
ADDED_MS: Final = 5.0
FEW, MANY = 5, 20
RATIO: Final = 4.4
BEAT_S: Final = 0.1
"""A message both ways, each with so much sound."""
BEATS: Final = 40
WARM_UP: Final = 20


def sound(mime_type: str, size: int) -> dict[str, str]:
    return {"mimeType": mime_type, "data": base64.b64encode(bytes(size)).decode()}


REPLY: Final = json.dumps(
    {"serverContent": {"modelTurn": {"parts": [{"inlineData": sound("audio/pcm;rate=24000", 4_800)}]}}}, indent=2
).encode()
SPEECH: Final = json.dumps({"realtimeInput": {"audio": sound("audio/pcm;rate=16000", 3_200)}})
SETUP: Final = json.dumps({"setup": {"model": "models/gemini-3.8-live"}})


@dataclass
class Relay:
    url: str
    ca_file: str
    secret: str
    process: Process

    async def used(self) -> tuple[float, float]:
        """CPU seconds so far, and resident megabytes."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(b"?\n")
        cpu_s, mb = (await self.process.stdout.readline()).split()
        return float(cpu_s), float(mb)


@asynccontextmanager
async def relay(folder: Path, endpoint: str, ca_file: str) -> AsyncIterator[Relay]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.lone_relay", str(folder), endpoint, ca_file),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        url, authority, secret = (await process.stdout.readline()).decode().split()
        yield Relay(url, authority, secret, process)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def session(url: str, ca_file: str, key: str) -> AsyncIterator[ClientConnection]:
    """A client that is set up."""
    trust = ssl.create_default_context(cafile=ca_file)
    address, headers = url.replace("https", "wss") + PATH, {"x-goog-api-key": key}
    async with connect(address, ssl=trust, proxy=None, compression=None, additional_headers=headers) as line:
        await line.send(SETUP)
        await line.recv()
        yield line


async def at_request(peer: Peer) -> None:
    """A service that sends a reply for each message, and the time at which it does."""
    await peer.accept()
    with suppress(ConnectionClosed):
        async for _ in peer.socket:
            await peer.socket.send(json.dumps(time.perf_counter()))
            await peer.socket.send(REPLY)


async def one_reply(line: ClientConnection) -> float:
    """Seconds from the sending of a reply to its arrival."""
    await line.send(SPEECH)
    sent = float(await line.recv())
    await line.recv()
    return time.perf_counter() - sent


async def test_the_relay_adds_little_to_the_way_of_a_reply(tmp_path: Path, figures: Figures) -> None:
    files = ensure_certificate(tmp_path / "service")
    async with (
        serving(files, at_request) as service,
        relay(tmp_path, f"https://127.0.0.1:{service.port}", service.ca_file) as between,
        session(f"https://127.0.0.1:{service.port}", service.ca_file, "any") as direct,
        session(between.url, between.ca_file, between.secret) as relayed,
    ):
        straight, passed_on = [], []
        for number in range(MESSAGES + WARM_UP):
            times = await one_reply(direct), await one_reply(relayed)
            if number >= WARM_UP:
                straight.append(times[0])
                passed_on.append(times[1])
            await asyncio.sleep(PAUSE_S)
    print("\n" + shown("a reply of 100 ms, directly", straight))
    print(shown("… through the home server", passed_on))
    allowed_ms = ADDED_MS + 1e3 * p99(straight)
    figures.at_most(
        allowed_ms, "ms", "a reply through the home server, p99 (5 ms more than directly)", 1e3 * p99(passed_on)
    )


async def beating(peer: Peer) -> None:
    """A service that talks at the pace of speech, once it is talked to."""
    await peer.accept()
    await peer.socket.recv()
    async with asyncio.TaskGroup() as group:
        group.create_task(talk(peer.socket, REPLY))
        with suppress(ConnectionClosed):
            async for _ in peer.socket:
                pass


async def talk(line: Connection, message: str | bytes) -> None:
    begun = time.monotonic()
    for beat in range(BEATS):
        await asyncio.sleep(max(0.0, begun + beat * BEAT_S - time.monotonic()))
        await line.send(message)


async def converse(line: ClientConnection) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(talk(line, SPEECH))
        for _ in range(BEATS):
            await line.recv()


async def cost_of(between: Relay, clients: int) -> tuple[float, float]:
    """CPU seconds of the relay for so many clients that talk and listen at once, and its megabytes."""
    async with AsyncExitStack() as stack, asyncio.timeout(60):
        sessions = [session(between.url, between.ca_file, between.secret) for _ in range(clients)]
        lines = [await stack.enter_async_context(one) for one in sessions]
        before, _ = await between.used()
        await asyncio.gather(*map(converse, lines))
        after, mb = await between.used()
    return after - before, mb


async def test_clients_cost_as_much_each_however_many_there_are(tmp_path: Path, figures: Figures) -> None:
    files = ensure_certificate(tmp_path / "service")
    async with (
        serving(files, beating) as service,
        relay(tmp_path, f"https://127.0.0.1:{service.port}", service.ca_file) as between,
    ):
        await cost_of(between, 1)
        runs = [(await cost_of(between, FEW), await cost_of(between, MANY)) for _ in range(3)]
    few = statistics.median(run[0][0] for run in runs)
    many = statistics.median(run[1][0] for run in runs)
    for clients, cpu_s in ((FEW, few), (MANY, many)):
        print(f"\n{clients} clients: {1e3 * cpu_s / (BEATS * BEAT_S) / clients:.2f} ms of CPU a second for each")
    print(f"resident with {MANY}: {runs[-1][1][1]:.0f} MB")
    figures.at_most(RATIO, "times", f"CPU of the relay for {MANY} clients, of that for {FEW}", many / few)
