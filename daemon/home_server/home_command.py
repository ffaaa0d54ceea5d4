"""`pipit live-server --listen`: the home server from its settings, and its devices."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from daemon.broker.enrolled import FILE, Devices
from daemon.errors import UsageError
from daemon.home_server.chosen_brain import brain_of
from daemon.home_server.doorkeeper import Doorkeeper
from daemon.home_server.guest_session import HomeSessions, Relay
from daemon.home_server.home_sockets import HomeServer
from daemon.home_server.house_book import HouseBook
from daemon.home_server.service_opening import Service
from daemon.offline.service.issued_tokens import Tokens
from daemon.offline.service.server_options import Delivery, ServerOptions
from daemon.offline.session.activity import EnergyDetector
from daemon.offline.session.served_session import House
from daemon.offline.wire.access import Admission
from daemon.spending.making import budget_of, prices_of
from daemon.spending.usage_book import Ledger
from daemon.state.store import FILE as STATE_FILE
from daemon.state.store import Store
from daemon.web.shown_certificate import EVERYWHERE, shown_certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from daemon.brain.brain import Brain
    from daemon.home_server.settings import HomeServerSettings
    from daemon.live.options import LiveOptions
    from daemon.spending.settings import PriceSettings, UsageSettings

log = logging.getLogger(__name__)

COMMAND: Final = "pipit live-server"


@dataclass(frozen=True, kw_only=True)
class Means:
    """What the home server works with: the tables of the settings that it takes, and places on the disk."""

    home: HomeServerSettings
    usage: UsageSettings
    prices: Sequence[PriceSettings]
    model: str
    """That of [live]."""
    options: Callable[[], LiveOptions]
    """Finds the key anew each time. Raises KeyMissing."""
    state: Path
    """Its devices, its certificate if none was given, and its usage book."""
    models_dir: Path


def devices_of(state: Path) -> Devices:
    return Devices(state / FILE, COMMAND)


async def serve(means: Means, ready: Callable[[str], None]) -> None:
    """Until cancelled. Raises PortInUse, UsageError, KeyMissing if the relay has none at the start, DevicesError,
    ModelFileError, StateError.
    """
    home, devices = means.home, devices_of(means.state)
    await asyncio.to_thread(_make_folder, means.state)
    known = await asyncio.to_thread(devices.names)
    context, told = await asyncio.to_thread(
        shown_certificate, home.certificate, home.host, home.names, means.state, "home_server"
    )
    doorkeeper = Doorkeeper(devices, home, time.monotonic)
    local = await asyncio.to_thread(_house, means)
    async with AsyncExitStack() as stack:
        relay = await _relay(means, stack) if home.brain == "relay" else None
        server = HomeServer(home, context, doorkeeper, HomeSessions(doorkeeper, relay, local), _models(means))
        await stack.enter_async_context(server)
        print(f"home server   https://{_bracketed(home.host)}:{server.port}")
        print(f"{told}\ndevices       {', '.join(known) or f'none yet: {COMMAND} add-device NAME'}", flush=True)
        if home.host in EVERYWHERE:
            log.warning("it listens on every address of this machine, as it was told")
        ready(f"serving the house ({home.brain})")
        await asyncio.get_running_loop().create_future()


def _make_folder(state: Path) -> None:
    """Raises UsageError."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        what = f"the folder {state} cannot be made: {error.strerror}"
        raise UsageError(what, fix="name a folder that can be written by --state") from error


def _models(means: Means) -> tuple[str, ...] | None:
    """What devices may ask for; a brain of this machine minds no name."""
    return (means.home.models or (means.model,)) if means.home.brain == "relay" else None


async def _relay(means: Means, stack: AsyncExitStack) -> Relay:
    await asyncio.to_thread(means.options)  # a key that is not there is told at the start
    store = await stack.enter_async_context(await asyncio.to_thread(Store, means.state / STATE_FILE))
    ledger = Ledger(store, lambda: datetime.now().astimezone(), prices_of(means.prices))
    book = HouseBook(ledger, budget_of(means.usage, ledger))
    service = Service(means.options, means.home.reach_s, time.monotonic)
    return Relay(service, book, Admission(models=_models(means)), means.home.patience_s)


def _house(means: Means) -> House | None:
    """Who answers on this machine; None if nobody shall. Blocks while models are loaded."""
    if means.home.brain == "relay" and not means.home.fallback:
        return None
    return house_of(brain_of(means.home, means.models_dir))


def house_of(brain: Brain) -> House:
    """Sessions with `brain` at the pace of the service. Who may come in, and how many, the doorkeeper knows."""
    options = ServerOptions(delivery=Delivery().as_the_service())
    return House.of(brain, options, Admission(), EnergyDetector, Tokens(time.time), time.monotonic)


def add_device(state: Path, name: str) -> None:
    """Print its secret, which is not shown again. Raises DevicesError."""
    print(devices_of(state).add(name))


def remove_device(state: Path, name: str) -> None:
    """Raises DevicesError."""
    devices_of(state).remove(name)
    print(f"{name} opens no more sessions; one that is open ends within ten minutes")


def list_devices(state: Path) -> None:
    """Raises DevicesError."""
    for name in devices_of(state).names():
        print(name)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
