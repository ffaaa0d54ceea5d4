"""`pipit token-broker`: the broker from its settings, and its devices."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from daemon.broker.desk import Desk, Rules
from daemon.broker.enrolled import FILE, Devices
from daemon.broker.sockets import BrokerServer
from daemon.errors import UsageError
from daemon.live.tokens import Token
from daemon.trust import show_chain
from daemon.web.certificate import LOOPBACK, ensure_certificate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daemon.broker.settings import BrokerSettings
    from daemon.live.minting import Terms
    from daemon.live.options import LiveOptions

log = logging.getLogger(__name__)

LIFETIME: Final = timedelta(days=3650)
"""Of a certificate that the broker makes: a new one would have to be carried to every device."""
EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - to be told apart


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
    context, shown = await asyncio.to_thread(_certificate, broker, place)
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


def _certificate(broker: BrokerSettings, place: Place) -> tuple[ssl.SSLContext, str]:
    """The TLS context, and what to tell whoever sets up a device."""
    try:
        if broker.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            show_chain(context, broker.certificate)
            shown = f"certificate   {broker.certificate}"
        else:
            host = () if broker.host in EVERYWHERE else (broker.host,)
            names = tuple(dict.fromkeys((*broker.names, *host, *LOOPBACK)))
            files = ensure_certificate(place.state, names=names, lifetime=LIFETIME)
            context = files.server_context()
            shown = f"authority     {files.ca_file}\nfingerprint   {files.fingerprint()}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"there is no certificate to be had from {broker.certificate or place.state}: {reason}",
            fix="check [broker] certificate and names, or name a folder that can be written by --state",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context, shown


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
