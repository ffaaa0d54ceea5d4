from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.brain.recognition.language_files import LANGUAGE_FILES, OWN_FOLDER, SUMS, WHISPER_FOLDER
from daemon.brain.recognition.whisper import MODEL, PACKAGE
from daemon.doctor.checks.spoken_languages import SPOKEN_LANGUAGES
from tests.daemon.doctor.machine import BAD, GOOD, WARNING, assert_finding

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine


@pytest.fixture
def german(machine: Machine, tmp_path: Path) -> Path:
    """The folder of the models of a German household that has the package."""
    models = tmp_path / "models"
    models.mkdir()
    machine.settings(f'[wake]\nmodels_dir = "{models}"\n[household]\nlanguage = "de-DE"\n')
    machine.file(f"/modules/{PACKAGE}.py", "")
    machine.environ["PYTHONPATH"] = str(machine.root / "modules")
    return models


def put(folder: Path, content: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / MODEL).write_text(content)


def test_an_english_household_needs_none(machine: Machine) -> None:
    assert_finding(machine.finding(SPOKEN_LANGUAGES), GOOD, "heard in English")


def test_without_the_extra_it_is_english_and_that_is_no_trouble(machine: Machine, german: Path) -> None:
    machine.file(f"/modules/{PACKAGE}.py", "raise ImportError('no wheel for this system')\n")
    assert_finding(machine.finding(SPOKEN_LANGUAGES), GOOD, "the extra for de-DE is not installed")
    put(german / WHISPER_FOLDER, "model")
    assert_finding(machine.finding(SPOKEN_LANGUAGES), WARNING, "no wheel for this system")


def test_a_model_that_is_missing_or_cut_is_told(machine: Machine, german: Path) -> None:
    assert_finding(machine.finding(SPOKEN_LANGUAGES), BAD, f"there is no model in {german / WHISPER_FOLDER}")
    put(german / WHISPER_FOLDER, "cut")
    names = ", ".join(file.file_name for file in LANGUAGE_FILES)
    assert_finding(machine.finding(SPOKEN_LANGUAGES), BAD, f"{WHISPER_FOLDER}, {names}")


def test_ones_own_model_is_as_it_came(machine: Machine, german: Path) -> None:
    put(german / OWN_FOLDER, "model")
    assert_finding(machine.finding(SPOKEN_LANGUAGES), BAD, SUMS)
    (german / OWN_FOLDER / SUMS).write_text("")
    assert_finding(machine.finding(SPOKEN_LANGUAGES), GOOD, "de-DE is heard without the cloud too")
