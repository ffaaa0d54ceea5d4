"""The files of the settings: read in their order, and whatever is none is told and not waited for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.house.file import check, load_settings
from daemon.settings.source import LARGEST_BYTES, MOST_DROP_INS
from tests.daemon.settings.files import Write, checked_without_powers, problems_of


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "pipit.toml") == [
        "pipit.toml: does not exist. Fix: run install.sh, or name another file with --settings"
    ]


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder. Fix: name the file in it with --settings" in problems_of(tmp_path)[0]


def test_a_file_that_may_not_be_read(write: Write) -> None:
    path = write("")
    path.chmod(0)
    status, output, errors = checked_without_powers(path)
    assert (status, output) == (78, "")
    assert "may not be read by this user. Fix: run with sudo" in errors


def test_a_path_that_goes_through_a_file(write: Write) -> None:
    assert "goes through something that is no folder" in problems_of(write("") / "pipit.toml")[0]


def test_windows_editors_are_forgiven(write: Write) -> None:
    assert load_settings(write(b"\xef\xbb\xbf[speaker]\r\nvolume = 0.5\r\n")).speaker.volume == 0.5


def test_drop_ins_win_in_the_order_of_their_names(write: Write) -> None:
    path = write(
        "[speaker]\nvolume = 0.1\nrate_hz = 48000\n[wake]\nmodels = ['alexa', 'hey_jarvis']",
        **{f"{number}": f"[speaker]\nvolume = 0.{number}" for number in (3, 8, 1, 7, 2)},
        a="[speaker]\nvolume = 0.9\n[wake]\nmodels = ['hey_mycroft']",
        B="[speaker]\nvolume = 0.4",
    )
    loaded = load_settings(path)
    assert loaded.speaker.volume == 0.9
    assert loaded.speaker.rate_hz == 48000
    assert loaded.wake.models == ("hey_mycroft",)


def test_only_visible_toml_files_are_drop_ins(write: Write) -> None:
    path = write("", a="")
    (path.parent / "conf.d" / "b.toml.bak").write_text("?")
    (path.parent / "conf.d" / ".c.toml").write_text("?")
    assert check(path).files == (path, path.parent / "conf.d" / "a.toml")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (os.mkfifo, "is a named pipe, not a file"),
        (Path.mkdir, "is a folder"),
        (lambda path: path.symlink_to("nowhere"), "is a link to what does not exist"),
        (lambda path: path.symlink_to(path), "is a link that leads back to itself"),
        (lambda path: path.write_bytes(b"#" * (LARGEST_BYTES + 1)), "is larger than 2 MB"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
    ],
)
@pytest.mark.parametrize("name", ["conf.d/a.toml", "pipit.toml"])
def test_what_is_no_file_is_neither_waited_for_nor_read(
    write: Write, name: str, make: Callable[[Path], object], problem: str
) -> None:
    path = write("", b="")
    (path.parent / name).unlink(missing_ok=True)
    make(path.parent / name)
    (line,) = problems_of(path)
    assert line.startswith(f"{name}: {problem}. Fix: ")


def test_a_file_in_the_place_of_the_folder_of_drop_ins(write: Write) -> None:
    path = write("")
    (path.parent / "conf.d").touch()
    assert [line.partition(". Fix")[0] for line in problems_of(path)] == ["conf.d: is no folder"]


def test_more_drop_ins_than_anyone_has(write: Write) -> None:
    path = write("", **{f"n{number}": "" for number in range(MOST_DROP_INS + 1)})
    assert [line.partition(". Fix")[0] for line in problems_of(path)] == [
        "conf.d: holds 201 files of settings, and may hold 200"
    ]


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    for name in ("a\0b", "\ud800", "x" * 300):
        (line,) = problems_of(tmp_path / name)
        assert line.isprintable()
        assert "name" in line
