"""`pipit live-server`: the offline Live server on its own, for clients of every kind."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.errors import UsageError
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.server import LiveServer
from daemon.offline.wire.origins import is_origin

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.brain.nearest import Choice
    from daemon.offline.service.faults import Stage
    from daemon.offline.wire.client_socket import Clock, Sleep


@dataclass(frozen=True, kw_only=True)
class ServingOptions:
    """What the command line asked for. Without a `scenario` the local brain answers, with the models of `models`."""

    models: Path
    certificate_dir: Path
    scenario: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8443
    plain_port: int | None = None
    origins: tuple[str, ...] = ()
    """Of pages that may open sessions, besides this machine's own; "*" for all."""
    understanding: Choice = "auto"
    """Whether the local brain asks its model of the understanding, where that is installed."""
    quick: bool = False
    """Where a scenario does not say how: turns end as soon as all is sent, not when it would have been heard."""


async def serve(options: ServingOptions, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
    """Until cancelled.

    Raises PortInUse, ModelFileError, SettingsError for a scenario, UsageError for a host or an origin.
    """
    for origin in options.origins:
        if not is_origin(origin):
            fix = "name it as a browser does, such as https://example.org:8080, null, or * for all"
            raise UsageError(f"{origin!r} is no origin of a page", fix=fix)
    brain, plot = await asyncio.to_thread(_brain, options)
    async with AsyncExitStack() as stack:
        server = LiveServer(
            brain,
            certificate_dir=options.certificate_dir,
            host=options.host,
            port=options.port,
            plain_port=options.plain_port,
            options=plot.server,
            delivery=plot.server.delivery if options.quick else plot.server.delivery.as_the_service(),
            origins=options.origins,
            faults=plot.faults,
            clock=clock,
            sleep=sleep,
        )
        try:
            await stack.enter_async_context(server)
        except OverflowError as error:
            raise UsageError(
                str(error).removeprefix("bind(): ").rstrip("."), fix="name a port of that range"
            ) from error
        except ValueError as error:  # the resolver's, or of whoever writes it into a certificate
            raise UsageError(f"{options.host} is no name of a host", fix="name an address of this machine") from error
        except OSError as error:
            raise UsageError(
                f"cannot listen on {options.host} with a certificate in {options.certificate_dir}: "
                f"{error.strerror or error}",
                fix="name an address of this machine, and a folder that can be written",
            ) from error
        print(f"live server  {server.url}", flush=True)
        print(f"authority    {server.ca_file}", flush=True)
        if options.plain_port is not None:
            print(f"without TLS  {server.plain_url}", flush=True)
        await asyncio.get_running_loop().create_future()


def _brain(options: ServingOptions) -> tuple[Stage, Scenario]:
    """The brain, and the scenario for the rest of the server; loading takes a while."""
    if options.scenario is None:
        from daemon.brain.local import LocalBrain
        from daemon.brain.nearest import found_nearest
        from daemon.brain.other_ears import found_ears

        nearest, ears = found_nearest(options.understanding), found_ears(options.models)
        return LocalBrain(options.models, nearest=nearest, ears=ears), Scenario()
    from daemon.offline.rehearsal.scenario_file import load_scenario
    from daemon.offline.rehearsal.scripted import ScriptedBrain

    scenario = load_scenario(options.scenario)
    return ScriptedBrain(scenario), scenario
