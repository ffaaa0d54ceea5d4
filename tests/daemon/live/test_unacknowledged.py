"""The limit of a dead line counts while the user speaks, and at no other time."""

from __future__ import annotations

import socket

from daemon.live.unacknowledged import USER_TIMEOUT, Unacknowledged


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
