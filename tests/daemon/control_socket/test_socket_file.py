"""The file of the socket: for its group alone, in place of a dead one, never of a live one or of something else."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.control_socket.control_lines import ControlError
from daemon.control_socket.socket_file import BACKLOG, listening_at, socket_file

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def private() -> Iterator[None]:
    """As the unit has it: nothing for others of what is made."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def left_behind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


@pytest.mark.usefixtures("private")
def test_it_is_for_its_owner_and_group_and_gone_at_the_end(tmp_path: Path) -> None:
    with listening_at(tmp_path / "c") as door:
        assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o660
        with socket.socket(socket.AF_UNIX) as someone:
            someone.connect(str(tmp_path / "c"))
            door.accept()[0].close()
    assert not (tmp_path / "c").exists()


def test_one_that_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    left_behind(tmp_path / "c")
    with listening_at(tmp_path / "c"), socket.socket(socket.AF_UNIX) as someone:
        someone.connect(str(tmp_path / "c"))


@pytest.mark.parametrize("waiting", [0, BACKLOG + 1], ids=["idle", "busy"])
def test_one_of_a_living_process_is_left_alone(tmp_path: Path, waiting: int) -> None:
    with listening_at(tmp_path / "c"):
        crowd = [socket.socket(socket.AF_UNIX) for _ in range(waiting)]
        for each in crowd:
            each.setblocking(False)
            each.connect(str(tmp_path / "c"))
        with pytest.raises(ControlError, match="another process listens at") as refused, listening_at(tmp_path / "c"):
            pass
        assert refused.value.exit_status == os.EX_UNAVAILABLE
        for each in crowd:
            each.close()
        assert (tmp_path / "c").exists()


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("precious")
    with pytest.raises(ControlError, match="is no socket"), listening_at(tmp_path / "c"):
        pass
    assert (tmp_path / "c").read_text() == "precious"


@pytest.mark.parametrize("name", ["nowhere/c", "x" * 200, "a\0b"])
def test_a_place_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ControlError, match="cannot be made"), listening_at(tmp_path / name):
        pass


def test_the_file_of_a_successor_is_left_to_it(tmp_path: Path) -> None:
    with listening_at(tmp_path / "c"):
        (tmp_path / "c").rename(tmp_path / "old")  # so that the number of its inode is not given again
        left_behind(tmp_path / "c")
    assert (tmp_path / "c").exists()


def test_it_lies_in_the_first_folder_that_systemd_names() -> None:
    assert socket_file({"RUNTIME_DIRECTORY": "/run/pipit:/run/other"}) == Path("/run/pipit/control.sock")
    assert socket_file({}) is socket_file({"RUNTIME_DIRECTORY": ""}) is None
