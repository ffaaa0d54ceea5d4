"""`pipit token-broker`: the broker from its settings, and its devices."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.broker.desk import Desk, Rules
from daemon.broker.enrolled import FILE, Devices
from daemon.broker.sockets import BrokerServer
from daemon.live.tokens import Token
from daemon.web.shown_certificate import EVERYWHERE, shown_certificate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daemon.broker.settings import BrokerSettings
    from daemon.live.minting import Terms
    from daemon.live.options import LiveOptions

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where the broker keeps what it makes: its devices, and its certificate if none was given."""

    state: Path

    @property
    def devices(self) -> Devices:
        return Devices(self.state / FILE)


async def serve(
    broker: BrokerSettings, model: str, place: Place, options: Callable[[], LiveOptions], ready: Callable[[str], None]
) -> None:
    """Gives tokens for `model` until cancelled. `options` are looked up for each token, the key among them.

    Raises PortInUse, UsageError, KeyMissing if there is none at the start, DevicesError.
    """
    await asyncio.to_thread(options)
    known = await asyncio.to_thread(place.devices.names)
    context, shown = await asyncio.to_thread(
        shown_certificate, broker.certificate, broker.host, broker.names, place.state, "broker"
    )
    rules = Rules(
        model=model,
        device_per_minute=broker.device_per_minute,
        per_minute=broker.per_minute,
        clock_tolerance_s=broker.clock_tolerance_s,
    )
    desk = Desk(place.devices, rules, Minter(options, terms_of(broker)), wall=time.time, now=time.monotonic)
    server = BrokerServer(desk.answer, context, host=broker.host, port=broker.port, connections=broker.connections)
    async with server:
        print(f"token broker  https://{_bracketed(broker.host)}:{server.port}")
        print(
            f"{shown}\ndevices       {', '.join(known) or 'none yet: pipit token-broker add-device NAME'}", flush=True
        )
        if broker.host in EVERYWHERE:
            log.warning("it listens on every address of this machine, as the settings say")
        ready(f"giving tokens for {model}")
        await asyncio.get_running_loop().create_future()


def terms_of(broker: BrokerSettings) -> Terms:
    from daemon.live.minting import Terms

    return Terms(locks=broker.lock, lasts_s=broker.session_s, opens_s=broker.start_s)


class Minter:
    """Makes tokens as the settings say."""

    def __init__(self, options: Callable[[], LiveOptions], terms: Terms) -> None:
        self._options = options
        self._terms = terms

    async def __call__(self) -> Token:
        """Raises NotMinted, KeyMissing."""
        from daemon.live.minting import mint

        minted = await mint(await asyncio.to_thread(self._options), self._terms)
        return Token(minted.name, minted.lasts_s)


def add_device(place: Place, name: str) -> None:
    """Print its secret, which is not shown again. Raises DevicesError."""
    print(place.devices.add(name))


def remove_device(place: Place, name: str) -> None:
    """Raises DevicesError."""
    place.devices.remove(name)
    print(f"{name} gets no more tokens; what it has lasts as long as session_s of [broker] says")


def list_devices(place: Place) -> None:
    """Raises DevicesError."""
    for name in place.devices.names():
        print(name)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
