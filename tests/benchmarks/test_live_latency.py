"""What the session adds between a decision and the wire, and between the wire and the speaker's queue.

Client and server share one process, one loop and one core, over TLS on loopback. What the same machine takes for the
same frame with nothing of ours in between is measured beside it, turn by turn, and allowed for.
"""

import asyncio
import ssl
import statistics
import time
from collections.abc import Sequence

import pytest
from websockets.asyncio.client import ClientConnection, connect

from daemon.conversation.events import SessionOpened
from daemon.conversation.messages import ReplyAudio
from daemon.live.session import preload
from daemon.web.certificate import CertificateFiles, ensure_certificate
from tests.benchmarks.figures import Figures
from tests.daemon.live.line import Line
from tests.daemon.live.peer import Peer, Script, Service, serving

TURNS = 300
PERIOD_SAMPLES = 320
BOUND_S = 0.010
"""From the end of the utterance to `activityEnd` on the socket, p99; the same for a reply on its way back."""
ACTIVITY_END = '{"realtime_input": {"activityEnd": {}}}'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificate(tmp_path_factory.mktemp("certificate"))


def p99(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


def shown(name: str, seconds: Sequence[float]) -> str:
    median, worst = statistics.median(seconds), max(seconds)
    return f"{name}: median {median * 1e3:.2f} ms, p99 {p99(seconds) * 1e3:.2f} ms, worst {worst * 1e3:.2f} ms"


def noting(ended: asyncio.Queue[float]) -> Script:
    """A server that confirms the setup, if there is one, and notes when each activity's end was received."""

    async def script(peer: Peer) -> None:
        while True:
            message = await peer.receive()
            if "setup" in message:
                await peer.send({"setupComplete": {}})
            elif "activityEnd" in message["realtime_input"]:
                ended.put_nowait(peer.arrivals[-1].at_s)

    return script


async def one_turn(line: Line, turn: int) -> float:
    """Three periods of speech at the pace of a microphone; returns when the end was decided."""
    line.uplink.start(turn, line.ring.end)
    for _ in range(3):
        line.capture(PERIOD_SAMPLES)
        await asyncio.sleep(0.002)
    line.capture(PERIOD_SAMPLES)  # the period that ends the utterance is itself still to be sent
    decided = time.perf_counter()
    line.uplink.end(turn, line.ring.end)
    return decided


async def one_frame(bare: ClientConnection) -> float:
    sent = time.perf_counter()
    await bare.send(ACTIVITY_END)
    return sent


async def test_end_of_utterance_to_the_socket(certificate: CertificateFiles, figures: Figures) -> None:
    ours, reference = [], []
    ended, ended_bare = asyncio.Queue[float](), asyncio.Queue[float]()
    async with (
        serving(certificate, noting(ended)) as service,
        serving(certificate, noting(ended_bare)) as plain,
        bare_connection(plain) as bare,
    ):
        line = Line(service.options())
        async with asyncio.timeout(120), asyncio.TaskGroup() as group:
            group.create_task(line.session.run())
            await line.until(SessionOpened)
            for turn in range(1, TURNS + 1):
                decided = await one_turn(line, turn)
                ours.append(await ended.get() - decided)
                sent = await one_frame(bare)
                reference.append(await ended_bare.get() - sent)
            line.session.close()
    print("\n" + shown("end of utterance to activityEnd received", ours))
    print(shown("a bare frame over the same loopback", reference))
    allowed_ms = 1e3 * (BOUND_S + p99(reference))
    figures.at_most(allowed_ms, "ms", "end of utterance to activityEnd received, p99", 1e3 * p99(ours))


def bare_connection(service: Service) -> connect:
    trust = ssl.create_default_context(cafile=service.ca_file)
    return connect(f"wss://127.0.0.1:{service.port}", ssl=trust, proxy=None)


async def test_reply_message_to_the_callback(certificate: CertificateFiles, figures: Figures) -> None:
    """200 ms of sound a message, as the service sends it, one at a time."""
    sound, sent, heard = bytes(9_600), [], asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(TURNS):
            heard.clear()
            sent.append(time.perf_counter())
            await peer.say(sound)
            await heard.wait()
        await peer.socket.wait_closed()

    received = []
    async with serving(certificate, script) as service, asyncio.timeout(120), asyncio.TaskGroup() as group:
        line = Line(service.options())
        group.create_task(line.session.run())
        for _ in range(TURNS):
            await line.until(ReplyAudio)
            received.append(time.perf_counter())
            heard.set()
        line.session.close()
    taken = [at - start for start, at in zip(sent, received, strict=True)]
    print("\n" + shown("reply message sent to ReplyAudio handled", taken))
    figures.at_most(1e3 * BOUND_S, "ms", "reply message sent to ReplyAudio handled, p99", 1e3 * p99(taken))


async def test_opening_and_a_backlog(certificate: CertificateFiles, figures: Figures) -> None:
    """How long the session takes to open once the SDK is imported, and then to send four seconds said meanwhile."""
    await preload()
    opening, flushing, ended = [], [], asyncio.Queue[float]()
    for _ in range(10):
        async with serving(certificate, noting(ended)) as service, asyncio.timeout(60), asyncio.TaskGroup() as group:
            line = Line(service.options())
            line.say(1, 64_000)
            began = time.perf_counter()
            group.create_task(line.session.run())
            await line.until(SessionOpened)
            opened = time.perf_counter()
            flushing.append(await ended.get() - opened)
            opening.append(opened - began)
            line.session.close()
    print("\n" + shown("session opened", opening))
    print(shown("4 s of backlog sent", flushing))
    # a backlog must shrink much faster than speech can grow it
    figures.at_most(400, "ms", "4 s of backlog sent, median", 1e3 * statistics.median(flushing))
