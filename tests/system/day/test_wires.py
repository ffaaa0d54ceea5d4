"""Every byte and every end is under way from the moment it is sent until it is received."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from tests.system.day.wires import Wires


class Line:
    """A TCP connection over loopback; `accept` makes its far end one that counts."""

    def __init__(self, stack: ExitStack) -> None:
        self.wires = Wires()
        self._listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.near = self.wires.counted(socket.create_connection(self._listening.getsockname()))
        stack.callback(self.near.close)
        self.port = self._listening.getsockname()[1]
        self._stack = stack

    def accept(self) -> socket.socket:
        sock = self.wires.counted(self._listening.accept()[0])
        self._stack.callback(sock.close)
        sock.setblocking(True)
        return sock

    @property
    def under_way(self) -> bool:
        return self.wires.under_way(lambda _fd: True)


@pytest.fixture
def line():
    with ExitStack() as stack:
        yield Line(stack)


def test_bytes_are_under_way_until_they_are_received(line: Line) -> None:
    far = line.accept()
    assert not line.under_way
    line.near.send(b"hello")
    assert line.under_way
    assert far.recv(3) == b"hel"
    assert line.under_way
    assert far.recv_into(bytearray(9)) == 2
    assert not line.under_way


def test_what_is_sent_before_the_far_end_is_accepted_is_under_way(line: Line) -> None:
    line.near.sendmsg([b"hel", b"lo"])
    assert line.under_way
    assert line.accept().recv(9) == b"hello"
    assert not line.under_way


def test_an_end_is_under_way_until_it_is_seen(line: Line) -> None:
    far = line.accept()
    line.near.shutdown(socket.SHUT_WR)
    assert line.under_way
    assert far.recv(9) == b""
    assert not line.under_way
    far.close()
    assert line.under_way
    assert line.near.recv(9) == b""
    assert not line.under_way


def test_what_was_sent_to_one_that_has_closed_is_not_under_way(line: Line) -> None:
    far = line.accept()
    line.near.send(b"hello")
    far.close()  # with something unread, that is a reset
    assert line.under_way
    with pytest.raises(ConnectionResetError):
        line.near.setblocking(True) or line.near.recv(9)
    assert not line.under_way


def test_one_that_does_not_read_expects_nothing(line: Line) -> None:
    far = line.accept()
    line.near.send(b"hello")
    assert not line.wires.under_way(lambda fd: fd != far.fileno())


def test_sockets_are_counted_while_they_are_open(line: Line) -> None:
    far = line.accept()
    assert line.wires.open_sockets == 2
    assert line.wires.open_to(line.port) == 1
    line.near.close()
    assert line.wires.open_to(line.port) == 0
    assert line.wires.open_sockets == 1
    far.close()
    assert line.wires.open_sockets == 0
