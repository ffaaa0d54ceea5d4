"""Who is at the other end of a Unix socket, as the kernel says, and whether he may control the appliance."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from typing import Final

from daemon.control_socket.control_lines import ControlError

SO_PEERGROUPS: Final = 59
"""asm-generic/socket.h, which x86 and ARM have; Python does not name it."""
GROUPS_BYTES: Final = 1_024
"""As much as Python asks for: 256 groups. Of whom is in more, only the first is looked at."""
_CREDENTIALS: Final = struct.Struct("=iII")
"""struct ucred: process, user, group; see unix(7)."""


@dataclass(frozen=True, slots=True)
class Peer:
    uid: int
    groups: frozenset[int]


def peer_of(connection: socket.socket) -> Peer:
    """Who connected, with the groups that he had then. Raises OSError."""
    _, uid, gid = _CREDENTIALS.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return Peer(uid, frozenset({gid, *_more_groups(connection)}))


def _more_groups(connection: socket.socket) -> tuple[int, ...]:
    try:
        given = connection.getsockopt(socket.SOL_SOCKET, SO_PEERGROUPS, GROUPS_BYTES)
    except OSError:
        return ()
    return struct.unpack(f"={len(given) // 4}I", given)


def check(peer: Peer, *, owner: int, group: int) -> None:
    """Raises ControlError unless it is root, `owner`, or someone in `group`."""
    if peer.uid not in {0, owner} and group not in peer.groups:
        raise not_allowed(f"user {peer.uid} may not control this appliance")


def not_allowed(what: str) -> ControlError:
    fix = "sudo usermod -aG pipit $USER, and log in again"
    return ControlError(what, fix=fix, exit_status=os.EX_NOPERM)
