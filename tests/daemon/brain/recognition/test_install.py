"""The installer of the speech recogniser's files."""

import os
from pathlib import Path

import pytest

from daemon.brain.recognition.install import INSTALLER, SPEECH_FILES
from daemon.fetch.fetching import missing_files


def test_the_files_that_install_put_in_place_are_the_pinned_ones(models: Path) -> None:
    assert missing_files(models, SPEECH_FILES) == []
    assert [(models / file.file_name).stat().st_size for file in SPEECH_FILES] == [
        file.size_bytes for file in SPEECH_FILES
    ]


def test_a_second_run_fetches_nothing(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert INSTALLER.run([str(models)]) == os.EX_OK
    assert capsys.readouterr() == ("", "")


def test_every_file_has_more_than_one_source() -> None:
    assert all(len(file.wheels) > 1 for file in SPEECH_FILES)
