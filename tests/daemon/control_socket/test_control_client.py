"""The other end: every way in which there is no answer is a sentence, a fix and a status."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from daemon.control_socket.control_client import ControlClient
from daemon.control_socket.control_lines import ControlError
from daemon.control_socket.socket_file import listening_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def answering(path: Path, line: bytes) -> Iterator[None]:
    """Someone who says `line` to one who connects, once he has asked, and hangs up."""

    def once(door: socket.socket) -> None:
        connection, _ = door.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(line)

    with listening_at(path) as door:
        door.settimeout(60)
        thread = Thread(target=once, args=[door])
        thread.start()
        yield
        thread.join()


def refused(path: Path, *, answer_s: float = 60.0) -> ControlError:
    with pytest.raises(ControlError) as error, ControlClient(path, answer_s) as appliance:
        appliance.ask("status")
    return error.value


def test_an_answer_is_given_as_it_came(tmp_path: Path) -> None:
    with answering(tmp_path / "c", b'{"ok": true, "state": "idle"}\n'), ControlClient(tmp_path / "c") as appliance:
        assert appliance.ask("status", of=None) == {"ok": True, "state": "idle"}


def test_what_is_none_is_left_out(tmp_path: Path) -> None:
    with listening_at(tmp_path / "c") as door, ControlClient(tmp_path / "c", answer_s=0.01) as appliance:
        with pytest.raises(ControlError):
            appliance.ask("volume", of=None, percent=0)
        connection, _ = door.accept()
        with connection:
            assert connection.recv(100) == b'{"verb": "volume", "percent": 0}\n'


def test_a_refusal_is_raised_with_its_fix_and_status(tmp_path: Path) -> None:
    with answering(tmp_path / "c", b'{"error": "no", "fix": "do", "exit_status": 77}\n'):
        error = refused(tmp_path / "c")
    assert (error.message, error.fix, error.exit_status) == ("no", "do", 77)
    with answering(tmp_path / "d", b'{"error": "no", "fix": "do"}\n'):
        assert refused(tmp_path / "d").exit_status == 1


@pytest.mark.parametrize("status", [b'"x"', b"null", b"0", b"256", b"-1", b"1.0"])
def test_a_refusal_never_ends_as_if_all_were_well(tmp_path: Path, status: bytes) -> None:
    with answering(tmp_path / "e", b'{"error": "no", "exit_status": ' + status + b"}\n"):
        assert refused(tmp_path / "e").exit_status == 1


@pytest.mark.parametrize(
    ("line", "status"), [(b"", 69), (b'{"ok"', 69), (b"what?\n", 76), (b"[]\n", 76), (b"[" * 99_999 + b"\n", 76)]
)
def test_what_cannot_be_read_is_told(tmp_path: Path, line: bytes, status: int) -> None:
    with answering(tmp_path / "c", line):
        error = refused(tmp_path / "c")
    assert error.exit_status == status
    assert "systemctl" in error.fix


def test_one_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    with listening_at(tmp_path / "c"):
        error = refused(tmp_path / "c", answer_s=0.01)
    assert "does not answer within 0.01 s" in error.message
    assert error.exit_status == os.EX_TEMPFAIL


def test_one_that_is_turned_away_hears_why(tmp_path: Path) -> None:
    with listening_at(tmp_path / "c") as door:
        client = ControlClient(tmp_path / "c")
        with client as appliance:
            connection, _ = door.accept()
            connection.sendall(b'{"error": "8 others", "fix": "wait", "exit_status": 75}\n')
            connection.close()
            with pytest.raises(ControlError, match="8 others"):
                appliance.ask("status")


def test_a_service_that_does_not_run_is_to_be_started(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere" / "c")
    assert "not running" in error.message
    assert error.fix == "sudo systemctl start pipit"
    assert error.exit_status == os.EX_UNAVAILABLE


def test_so_is_one_that_left_its_socket_behind(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "c"))
    assert refused(tmp_path / "c").fix == "sudo systemctl start pipit"


def test_one_of_an_older_release_is_to_be_started_again(tmp_path: Path) -> None:
    error = refused(tmp_path / "c")
    assert "older release" in error.message
    assert "sudo systemctl restart pipit" in error.fix
    assert error.exit_status == os.EX_UNAVAILABLE


def test_without_permission_the_group_is_named(tmp_path: Path) -> None:
    error = ControlClient(tmp_path / "c").why_not(PermissionError(13, "Permission denied"))
    assert error.exit_status == os.EX_NOPERM
    assert error.fix.startswith("sudo usermod -aG pipit $USER")


def test_a_name_that_no_socket_can_have_is_told(tmp_path: Path) -> None:
    assert "cannot be used" in refused(tmp_path / ("x" * 200)).message
