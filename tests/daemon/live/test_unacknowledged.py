"""The limit of a dead line counts while the user speaks, and at no other time."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from daemon.live.unacknowledged import USER_TIMEOUT, Unacknowledged

if TYPE_CHECKING:
    from collections.abc import Iterator


def limit_of(own: socket.socket) -> int:
    return own.getsockopt(socket.IPPROTO_TCP, USER_TIMEOUT)


def test_it_is_set_while_sound_goes_up_and_taken_back_when_something_is_heard() -> None:
    with socket.socket() as own:
        line = Unacknowledged(700)
        line.watch()  # before there is a socket
        line.attach(own)
        line.rest()
        line.watch()
        assert limit_of(own) == 700
        line.rest()
        assert limit_of(own) == 0


def test_it_is_silent_when_a_while_after_the_first_sound_nothing_is_acknowledged() -> None:
    with no_answer() as (line, clock):
        clock.append(0.3)
        assert not line.silent  # it has not been watched for long
        clock.append(0.5)
        assert line.silent
        line.watch()  # the next utterance begins
        assert not line.silent
        clock.append(1.0)
        line.rest()
        assert not line.silent


def test_what_is_acknowledged_or_no_tcp_is_never_silent() -> None:
    clock = [0.0]
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as own:
        line = Unacknowledged(700, lambda: clock[-1])
        line.attach(own)
        line.watch()
        own.sendall(b"sound")
        clock.append(1.0)
        assert not line.silent
    one, other = socket.socketpair()
    with one, other:
        line = Unacknowledged(700, lambda: clock[-1])
        line.attach(one)
        line.watch()
        clock.append(2.0)
        assert not line.silent


@contextmanager
def no_answer() -> Iterator[tuple[Unacknowledged, list[float]]]:
    """A socket whose kernel says that two segments are not acknowledged for half a second; and a clock at zero."""
    clock = [0.0]
    told = bytearray(104)
    told[24:28], told[56:60] = (count.to_bytes(4, sys.byteorder) for count in (2, 500))
    line = Unacknowledged(700, lambda: clock[-1])
    with Told(bytes(told)) as own:
        line.attach(own)
        line.watch()
        yield line, clock


class Told(socket.socket):
    """Says this of itself, as of TCP."""

    def __init__(self, told: bytes) -> None:
        super().__init__()
        self.told = told

    def getsockopt(self, _level: int, _option: int, size: int = 0) -> bytes:  # type: ignore[override]
        return self.told[:size]


def test_without_a_limit_or_a_socket_of_tcp_nothing_happens() -> None:
    with socket.socket() as own:
        line = Unacknowledged(0)
        line.attach(own)
        line.watch()
        assert limit_of(own) == 0
    one, other = socket.socketpair()
    with one, other:
        line = Unacknowledged(700)
        line.attach(one)
        line.watch()
    line.rest()  # it is closed
