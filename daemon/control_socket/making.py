"""From what an appliance can do to its control socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.control_socket.control_server import ControlServer
from daemon.control_socket.socket_file import socket_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.control_socket.control_server import Verbs
    from daemon.control_socket.powers import Powers


def control_of(powers: Powers, environ: Mapping[str, str]) -> ControlServer | None:
    """None where systemd made no folder for it: then there is no socket."""
    path = socket_file(environ)

    def verbs() -> Verbs:  # most days nobody asks for any, and they take half a megabyte
        from daemon.control_socket.verbs import verbs_of

        return verbs_of(powers)

    return ControlServer(path, verbs) if path else None
