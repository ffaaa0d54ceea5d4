"""What is under way between the sockets of one process: sent, and not yet received.

Loopback is fast, but not instant: on a busy machine the kernel hands a packet on a little later. A clock that jumps
whenever nothing is ready would then run away from a packet, so every byte and every end is counted from the one socket
to the other.

The cable to a port can be pulled. What is sent then waits, as in a kernel that sends it again and again, and so does
the end of a connection; it goes through when the cable is plugged, unless the sender's limit (TCP_USER_TIMEOUT) is
over by then. What the kernel tells of acknowledgements (TCP_INFO) it tells of the real, short way: never silent.
"""

from __future__ import annotations

import asyncio
import errno
import os
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
    _pulled: dict[int, asyncio.Event] = field(default_factory=dict)
    _holding: list[_CountingSocket] = field(default_factory=list)

    def pull(self, port: int) -> None:
        """Nothing gets through to `port`, or from it, until it is plugged."""
        self._pulled[port] = asyncio.Event()

    def plug(self, port: int) -> None:
        self._pulled.pop(port).set()
        holding, self._holding = self._holding, []
        for sock in holding:
            sock.let_go()

    async def plugged(self, port: int) -> None:
        """Wait until something sent to `port` gets there."""
        if pulled := self._pulled.get(port):
            await pulled.wait()

    def holds(self, sock: _CountingSocket) -> bool:
        """Whether what `sock` sends has to wait; then it is told when that is over."""
        if not self._pulled.keys() & sock.ports:
            return False
        if sock not in self._holding:
            self._holding.append(sock)
        return True

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
        counting.wires, counting.ports = self, {here[1], there[1]}
        counting.in_place_of = sock
        counting.here.fd = counting.fileno()
        return counting

    def under_way(self, reads: Callable[[int], bool]) -> bool:
        """Whether anything will soon be readable that is not yet; `reads` says who reads at all."""
        return any(end.expects(reads) for wire in self._wires.values() for end in wire.ends.values())

    def sweep(self) -> None:
        """Forget connections that are over."""
        for key in [key for key, wire in self._wires.items() if wire.gone]:
            del self._wires[key]


class _CountingSocket(socket.socket):
    """Keeps account of what it sends and receives; only the calls that asyncio's transports make."""

    here: _End
    there: _End
    wires: Wires
    ports: set[int]
    in_place_of: socket.socket
    """Whose descriptor this is now; who counts it wants to hear of the end, too."""
    held = b""
    """What is sent once the cable is plugged, from …"""
    remnant: socket.socket | None = None
    """… this, if it is closed meanwhile."""
    limit_ms = 0
    dead = False

    def send(self, data: Any, *args: Any) -> int:
        self._look_alive()
        if self.held or self.wires.holds(self):
            self._hold(bytes(data))
            return len(data)
        return self._sent(super().send(data, *args))

    def sendmsg(self, buffers: Any, *args: Any) -> int:
        if self.held or self.wires.holds(self):
            return self.send(b"".join(buffers))
        return self._sent(super().sendmsg(buffers, *args))

    def setsockopt(self, level: int, option: int, *value: Any) -> None:
        super().setsockopt(level, option, *value)
        if (level, option) == (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT):
            self.limit_ms = value[0]
            self._mind_the_limit()

    def _hold(self, data: bytes) -> None:
        self.held += data
        if self.held == data:
            self._mind_the_limit()

    def _mind_the_limit(self) -> None:
        if self.held and self.limit_ms:
            asyncio.get_running_loop().call_later(self.limit_ms / 1000, self._time_out)

    def _time_out(self) -> None:
        """Nothing was acknowledged for too long, for all this end knows."""
        if self.held and self.limit_ms and not self.here.closed:
            self.held, self.dead = b"", True
            super().shutdown(socket.SHUT_RD)  # so that somebody looks

    def let_go(self) -> None:
        """The cable is plugged."""
        out = self.remnant or super()
        try:
            while self.held:
                sent = self._sent(out.send(self.held))
                self.held = self.held[sent:]
        except BlockingIOError:
            asyncio.get_running_loop().call_soon(self.let_go)
            return
        except OSError:  # the other end is gone
            self.held = b""
        if self.remnant:
            self.there.end_coming = True
            self.remnant.close()
            self.wires.sweep()

    def recv(self, *args: Any) -> bytes:
        data = self._attempt(super().recv, *args)
        self._received(len(data))
        return data

    def recv_into(self, *args: Any) -> int:
        return self._received(self._attempt(super().recv_into, *args))

    def shutdown(self, how: int) -> None:
        if self.held or self.wires.holds(self):
            return  # it is closed at once, and ends with that
        super().shutdown(how)
        self.there.end_coming = True

    def close(self) -> None:
        if not self.here.closed:
            self.here.closed = True
            if self.held or self.wires.holds(self):
                self.remnant = socket.socket(fileno=os.dup(self.fileno()))
            else:
                self.there.end_coming = True
                self.wires.sweep()
        super().close()
        self.in_place_of.close()

    def _attempt(self, call: Callable[..., Any], *args: Any) -> Any:
        self._look_alive()
        try:
            return call(*args)
        except (BlockingIOError, InterruptedError):
            raise
        except OSError:
            self._received(0)
            raise

    def _look_alive(self) -> None:
        if self.dead:
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

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
