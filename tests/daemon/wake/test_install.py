import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.wake.install import NOTICE, install_streaming_embedding
from daemon.wake.models import EMBEDDING, MODEL_FILES, STREAMING_EMBEDDING


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_the_streaming_embedding_is_derived_once(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / EMBEDDING.file_name, tmp_path)
    told: list[str] = []
    install_streaming_embedding(tmp_path, told.append)
    derived = (tmp_path / STREAMING_EMBEDDING).stat().st_mtime_ns
    install_streaming_embedding(tmp_path, told.append)
    assert told == [
        "embedding_hops.onnx: derived, equal to the original",
        "embedding_hops.onnx: equal to the original",
    ]
    assert (tmp_path / STREAMING_EMBEDDING).stat().st_mtime_ns == derived
    assert names_in(tmp_path) == sorted([EMBEDDING.file_name, STREAMING_EMBEDDING])


@pytest.mark.parametrize("damage", ["half", "other network"])
def test_a_damaged_streaming_embedding_is_derived_again(damage: str, models: Path, tmp_path: Path) -> None:
    shutil.copy(models / EMBEDDING.file_name, tmp_path)
    whole = (models / STREAMING_EMBEDDING).read_bytes()
    other = (models / EMBEDDING.file_name).read_bytes()
    (tmp_path / STREAMING_EMBEDDING).write_bytes(whole[: len(whole) // 2] if damage == "half" else other)
    told: list[str] = []
    install_streaming_embedding(tmp_path, told.append)
    assert told == ["embedding_hops.onnx: derived, equal to the original"]


def test_every_file_has_a_source_besides_the_release() -> None:
    assert all(file.wheels for file in MODEL_FILES)


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
    assert second.stdout == "embedding_hops.onnx: equal to the original\n"
