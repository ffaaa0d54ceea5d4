"""What brings the recogniser of other languages."""

import os
from pathlib import Path

import pytest

from daemon.brain.recognition.install_languages import INSTALLER, make_model
from daemon.brain.recognition.language_files import LANGUAGE_FILES, MADE, PARTS, SMALL_FILES, WHISPER_FOLDER
from daemon.errors import ModelFileError
from daemon.files import LARGEST_MODEL_BYTES


def test_each_file_is_one_that_the_fetching_takes() -> None:
    assert all(0 < file.size_bytes <= LARGEST_MODEL_BYTES for file in (*PARTS, *LANGUAGE_FILES))
    assert all(file.wheels for file in (*PARTS, *SMALL_FILES))


def test_parts_that_make_no_model_are_refused_and_nothing_is_left_as_the_model(tmp_path: Path) -> None:
    for part in PARTS:
        (tmp_path / part.file_name).write_bytes(b"cut")
    with pytest.raises(ModelFileError, match="no model of CTranslate2"):
        make_model(tmp_path, print)
    assert not (tmp_path / MADE.file_name).exists()


def test_a_copy_that_is_cut_is_refused_by_its_checksum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / PARTS[0].file_name).write_bytes(b"cut")
    assert INSTALLER.run([str(tmp_path / "models"), "--from", str(copy)]) == os.EX_NOINPUT
    said = capsys.readouterr()
    assert "MIT licence" in said.out
    assert "its SHA-256 differs" in said.err
    assert not (tmp_path / "models" / WHISPER_FOLDER / MADE.file_name).exists()
