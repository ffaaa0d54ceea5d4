"""The commands that serve other programs and devices: `pipit live-server`, `token-broker`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from daemon.command_line import words
from daemon.signals import run_until_told

if TYPE_CHECKING:
    import argparse


def live_server(options: argparse.Namespace) -> int:
    from daemon.command_line.home_server_command import home_server, is_meant

    if is_meant(options):
        return home_server(options)
    from daemon.offline.serving import ServingOptions, serve

    chosen = ServingOptions(
        models=options.models,
        certificate_dir=options.certificates,
        scenario=options.scenario,
        host=options.host,
        port=options.port,
        plain_port=options.plain_port,
        origins=tuple(options.origins),
        understanding=options.understanding,
        quick=options.quick,
    )
    run_until_told(serve(chosen))
    return os.EX_OK


def token_broker(options: argparse.Namespace) -> int:
    from daemon.command_line.broker_command import token_broker

    return token_broker(options)


COMMANDS: Final = (
    (
        "live-server",
        live_server,
        words.add_live_server,
        "Serve the Live protocol on this machine, without internet; with --listen to the devices of a house.",
    ),
    (
        "token-broker",
        token_broker,
        words.add_token_broker,
        "Give tokens for Live sessions to devices that have a secret, so that they need no API key.",
    ),
)
"""Of each its name, what it does, its words, and what its help says."""
