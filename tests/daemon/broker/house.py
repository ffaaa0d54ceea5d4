"""A broker for tests: real TLS, real devices, and a mint that makes whatever a test wants."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.broker.desk import Desk, Rules
from daemon.broker.device import BrokerTokens
from daemon.broker.enrolled import Devices
from daemon.broker.sockets import BrokerServer
from daemon.live.tokens import Token
from daemon.web.certificate import CertificateFiles, ensure_certificate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

MODEL = "gemini-3.8-live"
NOON = 1_800_000_000.0


@dataclass
class Clocks:
    """Time of day of broker and device, and the time both measure by."""

    broker: float = NOON
    device: float = NOON
    passed: float = 0.0


@dataclass
class Mint:
    """Numbers its tokens, or raises `fault`."""

    fault: Exception | None = None
    count: int = 0
    lasts_s: float = 1800.0

    async def __call__(self) -> Token:
        if self.fault:
            raise self.fault
        self.count += 1
        return Token(f"auth_tokens/{self.count}", self.lasts_s)


@dataclass
class House:
    server: BrokerServer
    devices: Devices
    files: CertificateFiles
    clocks: Clocks
    mint: Mint
    secret: str
    made: list[BrokerTokens] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    def device(self, **changes: Any) -> BrokerTokens:
        """The device's side, with its own clock."""
        asked: dict[str, Any] = {
            "url": self.url,
            "ca_file": str(self.files.ca_file),
            "secret": lambda: self.secret,
            "model": MODEL,
            **changes,
        }
        wall, now = (lambda: self.clocks.device), (lambda: self.clocks.passed)
        return BrokerTokens(**asked, now=now, wall=wall, deadline_s=changes.pop("deadline_s", 10.0))


def desk_of(devices: Devices, mint: Mint, clocks: Clocks, **rules: Any) -> Desk:
    granted = {"model": MODEL, "device_per_minute": 3, "per_minute": 5, "clock_tolerance_s": 300.0, **rules}
    return Desk(devices, Rules(**granted), mint, wall=lambda: clocks.broker, now=lambda: clocks.passed)


@asynccontextmanager
async def broker(
    folder: Path, *, connections: int = 4, request_s: float = 5.0, handshake_s: float = 5.0, **rules: Any
) -> AsyncIterator[House]:
    """Serving on loopback until the block ends; `kitchen` is the device it knows."""
    devices, clocks, mint = Devices(folder / "devices"), Clocks(), Mint()
    secret = devices.add("kitchen")
    files = ensure_certificate(folder)
    desk = desk_of(devices, mint, clocks, **rules)
    server = BrokerServer(
        desk.answer,
        files.server_context(),
        host="127.0.0.1",
        port=0,
        connections=connections,
        request_s=request_s,
        handshake_s=handshake_s,
    )
    async with server:
        yield House(server, devices, files, clocks, mint, secret)
