"""With the files that install.sh fetched, linked into a folder of the test's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from daemon.brain.recognition.install import SPEECH_FILES
from daemon.doctor.checks.models_present import SPEECH_MODELS, WAKE_MODELS
from daemon.errors import PipitError
from daemon.machine.check import examine_one
from daemon.wake.models import EMBEDDING, SILERO_VAD, STREAMING_EMBEDDING, WAKE_WORDS
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine

HEY_JARVIS = "hey_jarvis_v0.1.onnx"
NEEDED = (HEY_JARVIS, EMBEDDING.file_name, STREAMING_EMBEDDING, SILERO_VAD.file_name)


@pytest.fixture
def folder(machine: Machine, models: Path) -> Path:
    """The models folder of the settings, with what the wake word needs."""
    folder = machine.folder / "models"
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(models / name)
    machine.settings(f'[wake]\nmodels_dir = "{folder}"\n')
    return folder


class TestWakeWords:
    @pytest.mark.usefixtures("folder")
    def test_all_is_there(self, machine: Machine) -> None:
        assert WAKE_WORDS["hey_jarvis"].file is not None
        assert_finding(machine.finding(WAKE_MODELS), GOOD, "the models of hey_jarvis")

    @pytest.mark.parametrize("name", NEEDED)
    def test_one_is_missing(self, machine: Machine, folder: Path, name: str) -> None:
        (folder / name).unlink()
        finding = machine.finding(WAKE_MODELS)
        assert_finding(finding, BAD, f"there is no {name}")
        assert "--fix" in finding.fix

    def test_one_is_damaged(self, machine: Machine, folder: Path) -> None:
        (folder / HEY_JARVIS).unlink()
        (folder / HEY_JARVIS).write_text("half a file")
        assert_finding(machine.finding(WAKE_MODELS), BAD, f"not as published is {HEY_JARVIS}")

    def test_a_word_that_does_not_exist(self, machine: Machine, folder: Path) -> None:
        machine.settings(f'[wake]\nmodels_dir = "{folder}"\nmodels = ["hey_jarvs"]\n')
        assert_finding(machine.finding(WAKE_MODELS), BAD, "did you mean hey_jarvis?")

    def test_a_model_of_ones_own(self, machine: Machine, folder: Path) -> None:
        fred = folder / "hey_fred.onnx"
        fred.write_bytes(b"no model")
        machine.settings(f'[wake]\nmodels_dir = "{folder}"\nmodels = ["{fred}"]\n')
        site = machine.site()
        assert_finding(machine.finding(WAKE_MODELS), BAD, "hey_fred.onnx is no ONNX model that can be run")
        fred.unlink()
        finding = examine_one(WAKE_MODELS, site)
        assert_finding(finding, BAD, "hey_fred.onnx does not exist")
        assert "[wake] models" in finding.fix


class TestSpeechRecognition:
    def test_all_is_there(self, machine: Machine, folder: Path, models: Path) -> None:
        for file in SPEECH_FILES:
            (folder / file.file_name).symlink_to(models / file.file_name)
        assert_finding(machine.finding(SPEECH_MODELS), GOOD, "as published")

    def test_none_is_there(self, machine: Machine, folder: Path) -> None:
        assert_finding(machine.finding(SPEECH_MODELS), WARNING, "nobody answers when the service does not")
        machine.settings(f'[wake]\nmodels_dir = "{folder}"\n[offline]\nuse = "never"\n')
        assert_finding(machine.finding(SPEECH_MODELS), SKIPPED, "only `pipit demo`")

    def test_half_is_there(self, machine: Machine, folder: Path) -> None:
        (folder / SPEECH_FILES[0].file_name).write_text("half a file")
        finding = machine.finding(SPEECH_MODELS)
        assert_finding(finding, BAD, f"not as published is {SPEECH_FILES[0].file_name}", SPEECH_FILES[1].file_name)


def test_mending_runs_the_installer_and_tells_why_it_could_not(machine: Machine) -> None:
    """Below /proc nobody can make a folder, and nothing is fetched."""
    machine.settings('[wake]\nmodels_dir = "/proc/models"\n')
    assert WAKE_MODELS.mend is not None
    with pytest.raises(PipitError, match=r"could not be fetched: .*/proc/models"):
        WAKE_MODELS.mend(machine.site())


@pytest.mark.usefixtures("folder")
def test_mending_what_is_whole_changes_nothing(machine: Machine, models: Path) -> None:
    for file in SPEECH_FILES:
        (machine.folder / "models" / file.file_name).symlink_to(models / file.file_name)
    machine.environ["PATH"] = sys.exec_prefix
    assert SPEECH_MODELS.mend is not None
    assert "fetched and checked" in SPEECH_MODELS.mend(machine.site())
