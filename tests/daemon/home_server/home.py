"""A house for tests: a home server with real TLS and secrets, and behind it a service that says what a test wants."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import connect

from daemon.broker.enrolled import Devices
from daemon.home_server.doorkeeper import Doorkeeper
from daemon.home_server.guest_session import HomeSessions, Relay
from daemon.home_server.home_command import house_of
from daemon.home_server.home_sockets import HomeServer
from daemon.home_server.house_book import HouseBook
from daemon.home_server.service_opening import Service
from daemon.home_server.settings import HomeServerSettings
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.wire.access import Admission
from daemon.spending.budget import Budget
from daemon.spending.usage_book import Ledger
from daemon.state.store import Store
from daemon.web.certificate import CertificateFiles, ensure_certificate
from tests.daemon.live.telling import options_with
from tests.daemon.offline.live_client import DEADLINE_S, PATH, Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.brain.brain import Brain
    from daemon.live.options import LiveOptions

KEY = "the-key-of-the-house-alone"
MODEL = "gemini-3.8-live"
TODAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
HERE = "This machine answers."


@dataclass
class Clock:
    """Time that passes only when a test says so; seconds."""

    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class House:
    server: HomeServer
    doorkeeper: Doorkeeper
    devices: Devices
    files: CertificateFiles
    ledger: Ledger
    secret: str
    clock: Clock
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    async def empty(self) -> None:
        """Every session has given its place back, which is after its connection was closed."""
        await eventually(lambda: not self.doorkeeper.places.count)

    @asynccontextmanager
    async def client(self, secret: str | None = None, target: str = PATH, **options: Any) -> AsyncIterator[Client]:
        """A client of the home server with the secret of the kitchen, or another; `options` are for websockets."""
        trust = ssl.create_default_context(cafile=self.files.ca_file)
        headers = {"x-goog-api-key": self.secret if secret is None else secret}
        url = self.url.replace("http", "ws", 1) + target
        async with connect(url, ssl=trust, proxy=None, compression=None, additional_headers=headers, **options) as line:
            yield Client(line)


def relay_of(
    options: LiveOptions, ledger: Ledger, clock: Clock, settings: HomeServerSettings, limit: float = 0.0
) -> Relay:
    book = HouseBook(ledger, Budget(ledger, daily=limit))
    service = Service(lambda: options, settings.reach_s, clock)
    return Relay(service, book, Admission(models=settings.models or (MODEL,)), settings.patience_s)


@asynccontextmanager
async def home(
    folder: Path,
    upstream: LiveOptions | None,
    *,
    local: Brain | None = None,
    limit: float = 0.0,
    deadline_s: float = 2 * DEADLINE_S,
    **settings: Any,
) -> AsyncIterator[House]:
    """Serving on loopback until the block ends; `kitchen` is a device it knows. `upstream` tells how the service is
    reached; without one the brain of `local` answers alone. `limit` is for a day.
    """
    told = HomeServerSettings(**settings)
    told = told if "port" in settings else told.model_copy(update={"port": 0})
    devices, clock = Devices(folder / "devices"), Clock()
    secret, files = devices.add("kitchen"), ensure_certificate(folder / "home")
    doorkeeper = Doorkeeper(devices, told, clock)
    async with asyncio.timeout(deadline_s), Store() as store:
        ledger = Ledger(store, lambda: TODAY)
        relay = relay_of(upstream, ledger, clock, told, limit) if upstream else None
        sessions = HomeSessions(doorkeeper, relay, house_of(local) if local else None)
        server = HomeServer(told, files.server_context(), doorkeeper, sessions)
        async with server:
            yield House(server, doorkeeper, devices, files, ledger, secret, clock)


def service_options(service: LiveServer, **live: Any) -> LiveOptions:
    """How the home server reaches `service`, with the key of the house."""
    return options_with(api_key=KEY, endpoint=service.url, ca_file=str(service.ca_file), **live)


@asynccontextmanager
async def service(folder: Path, *turns: Any, **options: Any) -> AsyncIterator[LiveServer]:
    """A service that takes the key of the house alone, and keeps what it is told."""
    brain = ScriptedBrain(Scenario(turns=list(turns) or [[Say("Good day.")]] * 4))
    named = {"certificate_dir": folder / "service", "keys": {KEY}, "record": True, **options}
    async with LiveServer(brain, **named) as server:
        yield server


def here() -> ScriptedBrain:
    """The brain of this machine."""
    return ScriptedBrain(Scenario(turns=[[Say(HERE)]] * 4))


async def said(client: Client, text: str = "Hello") -> str:
    """What is said to `text`."""
    await client.write(text)
    messages = await client.until("turnComplete")
    pieces = [message.get("serverContent", {}).get("outputTranscription", {}).get("text", "") for message in messages]
    return "".join(pieces)


async def eventually(condition: Any) -> None:
    """Wait until `condition()`; the loop turns meanwhile."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0)
