"""`pipit token-broker`: serves tokens, or makes, removes and lists the secrets of devices."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from daemon.command_line.loading import settings_or_defaults
from daemon.errors import UsageError
from daemon.signals import run_until_told

if TYPE_CHECKING:
    import argparse

    from daemon.house.settings import Settings
    from daemon.live.options import LiveOptions


def token_broker(options: argparse.Namespace) -> int:
    from daemon.broker import command

    place = command.Place(options.state)
    match options.action:
        case "add-device":
            command.add_device(place, options.name)
        case "remove-device":
            command.remove_device(place, options.name)
        case "devices":
            command.list_devices(place)
        case _:
            from daemon.house.sessions import live_options
            from daemon.house.supervision import Supervisor
            from daemon.live.credentials import find_key

            settings = _broker_settings(options)
            supervisor = Supervisor()

            def session() -> LiveOptions:
                return live_options(settings, find_key(settings.live.credential.file, os.environ))

            work = command.serve(settings.broker, settings.live.model, place, session, supervisor.ready)
            run_until_told(work, on_stop=supervisor.stopping)
    return os.EX_OK


def _broker_settings(options: argparse.Namespace) -> Settings:
    """The settings, with what the command line says instead."""
    from daemon.settings.host import WHAT_A_HOST_IS, is_host

    settings = settings_or_defaults(options.settings)
    if options.host is not None and not is_host(options.host):
        raise UsageError(f"--host: {options.host} is no name of a host", fix=f"that is {WHAT_A_HOST_IS}")
    given = {"host": options.host, "port": options.port}
    changes = {name: value for name, value in given.items() if value is not None}
    return settings.model_copy(update={"broker": settings.broker.model_copy(update=changes)})
