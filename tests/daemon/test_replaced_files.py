"""Whoever reads finds the old content or the new, and nobody finds more than they may."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.replaced_files import replace_content

pytestmark = pytest.mark.usefixtures("usual_umask")


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """So that no mode is right because of who runs the test."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_new_content_is_there_with_its_mode_and_nothing_beside_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "note.json"
    path.write_text("the old one, which is longer")
    path.chmod(0o666)

    replace_content(path, b"new", mode)

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert [*tmp_path.iterdir()] == [path]


def test_a_link_in_its_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "note.json"
    elsewhere.write_text("of somebody else")
    path.symlink_to(elsewhere)
    (tmp_path / f".note.json.{os.getpid()}.new").symlink_to(elsewhere)  # as one who may write there would lay it

    replace_content(path, b"new")

    assert elsewhere.read_text() == "of somebody else"
    assert not path.is_symlink()
    assert path.read_bytes() == b"new"


def test_what_cannot_be_replaced_stays(tmp_path: Path) -> None:
    folder = tmp_path / "note.json"
    folder.mkdir()
    (folder / "kept").touch()

    with pytest.raises(IsADirectoryError):
        replace_content(folder, b"new")
    assert [*tmp_path.iterdir()] == [folder]
    assert (folder / "kept").exists()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_content(tmp_path / "gone" / "note.json", b"new")
    assert not (tmp_path / "gone").exists()
