"""Files that people name: each trouble has words, and none of them waits."""

import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from daemon.files import MB, FileTrouble, check_folder, check_regular, read_regular, status_of


def made(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    assert read_regular(made(tmp_path / "a", b"abc"), 3) == b"abc"
    link = tmp_path / "link"
    link.symlink_to("a")
    assert read_regular(str(link), 3) == b"abc"


def test_no_more_than_so_much(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match="is larger than 1 MB"):
        read_regular(made(tmp_path / "a", bytes(MB + 1)), MB)
    with pytest.raises(FileTrouble, match="is larger than 2 kB"):
        check_regular(tmp_path / "a", 2048)


def test_a_file_that_says_it_is_empty_is_not_endless() -> None:
    """What the kernel makes up has a size of 0."""
    with pytest.raises(FileTrouble, match="is larger than 0 kB"):
        read_regular("/proc/self/status", 10)


def test_what_says_that_it_is_empty_is_given_to_no_library() -> None:
    """Opened by one, it may wait for ever for what there will be to read."""
    with pytest.raises(FileTrouble, match=r"^is empty$"):
        check_regular("/proc/self/status", MB)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (os.mkfifo, "is a named pipe, not a file"),
        (Path.mkdir, "is a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
        (lambda path: path.symlink_to("gone"), "is a link to what does not exist"),
        (lambda path: path.symlink_to(path), "is a link that leads back to itself"),
        (lambda _: None, "does not exist"),
    ],
)
@pytest.mark.parametrize("ask", [check_regular, read_regular])
def test_what_is_no_file(
    ask: Callable[[Path, int], object], make: Callable[[Path], object], what: str, tmp_path: Path
) -> None:
    make(tmp_path / "a")
    with pytest.raises(FileTrouble, match=f"^{what}$") as raised:
        ask(tmp_path / "a", 10)
    assert raised.value.fix


def test_a_socket(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(FileTrouble, match="is a socket, not a file"):
            read_regular(tmp_path / "s", 10)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("x" * 256, "has a longer name than a file can have"),
        ("x/" * 3000, "has a longer name than a file can have"),
        ("a\0b", "has a name that no file can have"),
        ("\udc80\ud800", "has a name that no file can have"),
        ("file/x", "goes through something that is no folder"),
    ],
)
@pytest.mark.parametrize("ask", [status_of, check_folder, lambda path: read_regular(path, 10)])
def test_names_that_cannot_be(ask: Callable[[Path], object], name: str, what: str, tmp_path: Path) -> None:
    made(tmp_path / "file", b"")
    with pytest.raises(FileTrouble, match=what):
        ask(tmp_path / name)


def test_a_folder(tmp_path: Path) -> None:
    check_folder(tmp_path)
    with pytest.raises(FileTrouble, match="is no folder"):
        check_folder(made(tmp_path / "a", b""))
