"""Who is at the other end, as the kernel says."""

import os
import socket

import pytest

from daemon.control_socket.control_lines import ControlError
from daemon.control_socket.peer import Peer, check, peer_of


def test_the_kernel_says_who_connected() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        peer = peer_of(ours)
    assert peer.uid == os.geteuid()
    assert {os.getegid(), *os.getgroups()} <= peer.groups


def test_of_a_network_connection_nothing_is_known() -> None:
    with socket.socket(socket.AF_INET) as network, pytest.raises((OSError, ControlError)):
        check(peer_of(network), owner=1, group=1)


@pytest.mark.parametrize(("uid", "group"), [(0, 9), (5, 9), (7, 6)])
def test_root_the_owner_and_the_group_may(uid: int, group: int) -> None:
    check(Peer(uid, frozenset({group})), owner=5, group=6)


def test_another_may_not() -> None:
    with pytest.raises(ControlError, match="user 7 may not"):
        check(Peer(7, frozenset({0, 5, 7})), owner=5, group=6)
