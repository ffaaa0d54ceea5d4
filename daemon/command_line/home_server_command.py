"""`pipit live-server --listen`: serves the house, or makes, removes and lists the secrets of its devices."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from daemon.command_line.loading import settings_or_defaults
from daemon.errors import UsageError
from daemon.signals import run_until_told

if TYPE_CHECKING:
    import argparse

    from daemon.home_server.settings import HomeServerSettings
    from daemon.live.options import LiveOptions

LONGEST_PORT: Final = 5
"""Digits; of thousands Python makes no number."""


def is_meant(options: argparse.Namespace) -> bool:
    """Whether the home server is, and not the offline server on this machine alone."""
    return options.listen is not None or options.action is not None


def home_server(options: argparse.Namespace) -> int:
    from daemon.home_server import home_command

    match options.action:
        case "add-device":
            home_command.add_device(options.state, options.name)
        case "remove-device":
            home_command.remove_device(options.state, options.name)
        case "devices":
            home_command.list_devices(options.state)
        case _:
            _serve(options)
    return os.EX_OK


def _serve(options: argparse.Namespace) -> None:
    from daemon.home_server.home_command import Means, serve
    from daemon.house.sessions import live_options
    from daemon.house.supervision import Supervisor
    from daemon.live.credentials import find_key

    if options.scenario or options.plain_port is not None or options.origins:
        raise UsageError(
            "--scenario, --plain-port and --allow-origin are for tests on this machine, not for --listen",
            fix="leave them out, or --listen",
        )
    settings = settings_or_defaults(options.settings)

    def session() -> LiveOptions:
        return live_options(settings, find_key(settings.live.credential.file, os.environ))

    supervisor = Supervisor()
    means = Means(
        home=_listening(settings.home_server, options.listen),
        usage=settings.usage,
        prices=settings.prices,
        model=settings.live.model,
        options=session,
        state=options.state,
        models_dir=options.models,
    )
    run_until_told(serve(means, supervisor.ready), on_stop=supervisor.stopping)


def _listening(home: HomeServerSettings, listen: str) -> HomeServerSettings:
    """The settings, with the address of the command line if it has one. Raises UsageError."""
    from daemon.settings.host import WHAT_A_HOST_IS, is_host

    if not listen:
        return home
    host, colon, port = listen.rpartition(":")
    if not colon or not (port.isascii() and port.isdecimal() and len(port) <= LONGEST_PORT and int(port) <= 65_535):
        raise UsageError(f"--listen: {listen[:100]} names no port", fix='write HOST:PORT, such as "192.168.1.5:8445"')
    host = host.removeprefix("[").removesuffix("]")
    if not is_host(host):
        raise UsageError(f"--listen: {host[:100]} is no name of a host", fix=f"that is {WHAT_A_HOST_IS}")
    return home.model_copy(update={"host": host, "port": int(port)})
