"""`pipit listen`, `wake` and `lights` as they are typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.command_line.pipit import run_command
from daemon.lights.looks import LOOKS
from daemon.sound.wav import write_wav
from tests.daemon.wake.signals import room_noise
from tests.daemon.wake.speech import spoken

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("word")
    write_wav(
        folder / "word.wav", np.concatenate((spoken("hey_jarvis", "hey jarvis", folder).samples, room_noise(1))), 16_000
    )
    return folder / "word.wav"


def test_a_file_is_listened_to_and_drawn(
    models: Path, word: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "chart.svg"
    assert run_command(["listen", "--models", str(models), "--file", str(word), "--plot", str(chart)]) == 0
    said = capsys.readouterr().out
    assert "woke to      hey_jarvis at " in said
    assert "    1 s" in said
    assert b"hey_jarvis" in chart.read_bytes()


def test_recordings_are_scored(models: Path, word: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = tmp_path / "chart.svg"
    assert run_command(["wake", "--models", str(models), "--score", str(word), "--plot", str(chart)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 woke it"
    assert chart.read_bytes().startswith(b"<?xml")
    assert run_command(["wake", "--models", str(models), "--json", "--score", str(word)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["best_score"] > 0.9


def test_a_picture_that_cannot_be_written(models: Path, word: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["wake", "--models", str(models), "--score", str(word), "--plot", "/nowhere/a.svg"]) == 64
    assert "cannot write /nowhere/a.svg" in capsys.readouterr().err


def test_a_file_that_is_not_there(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["listen", "--models", str(models), "--file", "/nowhere.wav"]) != 0
    told = capsys.readouterr()
    assert "/nowhere.wav" in told.err
    assert told.out == ""


def test_the_lights_are_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["lights", "--count", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(LOOKS)
    assert run_command(["lights", "--state", "muted", "--colours", "white"]) == 0
    assert "muted: the microphone is closed" in capsys.readouterr().out


def test_the_echo_is_measured_by_the_doctor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # a service that runs here is left alone
    silent = tmp_path / "pipit.toml"
    silent.write_text("[speaker]\nvolume = 0.0\n")
    assert run_command(["listen", "--echo", "--settings", str(silent)]) == 0
    assert "speaker-heard" in capsys.readouterr().out


def test_a_file_has_no_echo() -> None:
    with pytest.raises(SystemExit):
        run_command(["listen", "--echo", "--file", "room.wav"])
