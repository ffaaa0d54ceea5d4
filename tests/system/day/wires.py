"""What is under way between the sockets of one process: sent, and not yet received.

Loopback is fast, but not instant: on a busy machine the kernel hands a packet on a little later. A clock that jumps
whenever nothing is ready would then run away from a packet, so every byte and every end is counted from the one socket
to the other.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

Address = tuple[Any, ...]
"""As `getsockname` and `getpeername` tell it, for TCP."""


@dataclass
class _End:
    """One end of a connection; it may be written to before it is accepted, and so before it has a socket here."""

    fd: int | None = None
    closed: bool = False
    bytes_coming: int = 0
    end_coming: bool = False

    def expects(self, reads: Callable[[int], bool]) -> bool:
        """Whether something is on its way to it that it is going to take."""
        coming = self.bytes_coming > 0 or self.end_coming
        return coming and not self.closed and (self.fd is None or reads(self.fd))


@dataclass
class _Wire:
    ends: dict[Address, _End]

    @property
    def gone(self) -> bool:
        """Whether every end that was ever here is closed."""
        return all(end.closed or end.fd is None for end in self.ends.values())


@dataclass
class Wires:
    """The connections whose both ends are in this process."""

    _wires: dict[frozenset[Address], _Wire] = field(default_factory=dict)

    @property
    def open_sockets(self) -> int:
        return sum(end.fd is not None and not end.closed for wire in self._wires.values() for end in wire.ends.values())

    def open_to(self, port: int) -> int:
        """Of those, how many were connected to this port."""
        return sum(
            end.fd is not None and not end.closed
            for wire in self._wires.values()
            for here, end in wire.ends.items()
            if any(there[1] == port for there in wire.ends if there != here)
        )

    def counted(self, sock: socket.socket) -> socket.socket:
        """`sock`, a connected TCP socket, as one that counts; it takes over the file descriptor."""
        try:
            here, there = sock.getsockname(), sock.getpeername()
        except OSError:  # reset already
            return sock
        wire = self._wires.setdefault(frozenset((here, there)), _Wire({here: _End(), there: _End()}))
        counting = _CountingSocket(sock.family, sock.type, sock.proto, fileno=sock.detach())
        counting.settimeout(0)
        counting.here, counting.there = wire.ends[here], wire.ends[there]
        counting.on_closed = self._sweep
        counting.in_place_of = sock
        counting.here.fd = counting.fileno()
        return counting

    def under_way(self, reads: Callable[[int], bool]) -> bool:
        """Whether anything will soon be readable that is not yet; `reads` says who reads at all."""
        return any(end.expects(reads) for wire in self._wires.values() for end in wire.ends.values())

    def _sweep(self) -> None:
        for key in [key for key, wire in self._wires.items() if wire.gone]:
            del self._wires[key]


class _CountingSocket(socket.socket):
    """Keeps account of what it sends and receives; only the calls that asyncio's transports make."""

    here: _End
    there: _End
    on_closed: Callable[[], None]
    in_place_of: socket.socket
    """Whose descriptor this is now; who counts it wants to hear of the end, too."""

    def send(self, *args: Any) -> int:
        return self._sent(super().send(*args))

    def sendmsg(self, *args: Any) -> int:
        return self._sent(super().sendmsg(*args))

    def recv(self, *args: Any) -> bytes:
        data = self._attempt(super().recv, *args)
        self._received(len(data))
        return data

    def recv_into(self, *args: Any) -> int:
        return self._received(self._attempt(super().recv_into, *args))

    def shutdown(self, how: int) -> None:
        super().shutdown(how)
        self.there.end_coming = True

    def close(self) -> None:
        if not self.here.closed:
            self.here.closed, self.there.end_coming = True, True
            self.on_closed()
        super().close()
        self.in_place_of.close()

    def _attempt(self, call: Callable[..., Any], *args: Any) -> Any:
        try:
            return call(*args)
        except (BlockingIOError, InterruptedError):
            raise
        except OSError:
            self._received(0)
            raise

    def _sent(self, count: int) -> int:
        self.there.bytes_coming += count
        return count

    def _received(self, count: int) -> int:
        """A count of 0 is the end: what was still to come before it never will."""
        self.here.bytes_coming -= count
        if not count:
            self.here.bytes_coming, self.here.end_coming = 0, False
        return count


TCP: Final = (socket.AF_INET, socket.AF_INET6)
