"""The installer of the speech recogniser's files."""

import os
from pathlib import Path

import pytest

from daemon.fetch import is_intact
from daemon.offline.install import SPEECH_FILES, main


def test_the_files_that_install_put_in_place_are_the_pinned_ones(models: Path) -> None:
    assert [file.name for file in SPEECH_FILES if not is_intact(models / file.name, file.sha256)] == []


def test_a_second_run_fetches_nothing(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(models)]) == os.EX_OK
    assert capsys.readouterr() == ("", "")


def test_every_file_has_more_than_one_source() -> None:
    assert all(len(file.sources) > 1 for file in SPEECH_FILES)


def test_what_cannot_be_fetched_is_one_line_with_a_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert main([str(tmp_path / "models")]) == os.EX_NOINPUT
    error = capsys.readouterr().err
    assert error.startswith("could not fetch moonshine_tiny_en_encoder.ort: pip download moonshine-voice==0.1.0: ")
    assert error.endswith(". Fix: check the network and run this again\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_a_wrong_command_line_says_the_right_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == os.EX_USAGE
    assert capsys.readouterr().err == "usage: python -m daemon.offline.install FOLDER\n"
