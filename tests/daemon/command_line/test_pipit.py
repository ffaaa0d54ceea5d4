"""The commands as a user types them, and what they print; how they fail is in test_bad_input.py."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from daemon import __version__
from daemon.command_line.pipit import run_command
from daemon.command_line.streams import prepare
from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def toml(tmp_path: Path, models: Path) -> Path:
    """Valid settings for a machine without pins."""
    path = tmp_path / "pipit.toml"
    path.write_text(f'[wake]\nmodels_dir = "{models}"\n[gpio]\nfactory = "mock"\n')
    return path


@pytest.fixture
def own_loggers() -> Iterator[tuple[logging.Logger, ...]]:
    """Those that the command sets; as they were, afterwards."""
    loggers = (logging.getLogger("daemon"), logging.getLogger("hardware"))
    levels = [logger.level for logger in loggers]
    yield loggers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        (["check"], logging.ERROR),
        (["check", "-v"], logging.INFO),
        (["-v", "check"], logging.INFO),
        (["-v", "check", "-v"], logging.DEBUG),
        (["check", "-vvv"], logging.DEBUG),
        (["run"], logging.INFO),
        (["run", "-v"], logging.DEBUG),
        (["--verbose", "run"], logging.DEBUG),
    ],
)
def test_each_v_tells_more(
    own_loggers: tuple[logging.Logger, ...], words: list[str], level: int, tmp_path: Path
) -> None:
    run_command([*words, "--settings", str(tmp_path / "missing.toml")])
    assert [logger.level for logger in own_loggers] == [level, level]


def test_check_says_ok(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["check", "--settings", str(toml)]) == 0
    assert "ok" in capsys.readouterr().out


def test_check_names_every_problem_with_line_and_fix(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text("[wake]\nthreshhold = 0.7\n[speaker]\nvolume = 7\n")
    assert run_command(["check", "--settings", str(toml)]) == 78
    problems = capsys.readouterr().err.splitlines()
    assert len(problems) == 2
    assert problems[0].startswith(f"{toml}:2: wake.threshhold: ")
    assert "did you mean" in problems[0]
    assert problems[1].startswith(f"{toml}:4: speaker.volume: ")
    assert all("Fix: " in problem for problem in problems)


def test_check_knows_which_wake_models_there_are(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(toml.read_text().replace("[wake]", '[wake]\nmodels = ["hey_jarvs"]'))
    assert run_command(["check", "--settings", str(toml)]) == 66
    assert "hey_jarvis" in capsys.readouterr().err


def test_safe_loads_neither_arrays_nor_the_service(toml: Path) -> None:
    """After a crash a relay stays on until this process has begun."""
    code = (
        "import sys\nfrom daemon.command_line.pipit import run_command\nrun_command(sys.argv[1:])\nprint(*sys.modules)"
    )
    run = [sys.executable, "-c", code, "safe", "--settings", str(toml)]
    done = subprocess.run(run, check=True, capture_output=True, text=True, timeout=60)
    assert not {"numpy", "onnxruntime", "google", "websockets"} & set(done.stdout.split())


def test_safe_visits_the_outputs(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(toml.read_text() + '[[device]]\nname = "lamp"\nkind = "led"\npin = 17\n')
    assert run_command(["safe", "--settings", str(toml)]) == 0
    assert capsys.readouterr().out == "1 output is in the safe state\n"


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["wake"]


def test_the_version_is_the_packages() -> None:
    assert run_module("daemon", "--version").stdout.strip() == f"pipit {__version__}"


def test_a_wrong_word_shows_the_usage() -> None:
    done = run_module("daemon", "sing")
    assert done.returncode == 2
    assert "usage: pipit" in done.stderr


def test_the_sound_boards_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["boards"]) == 0
    assert capsys.readouterr().out.startswith(
        "usb: a USB microphone, sound card or speakerphone\n  it hears and speaks\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_the_terminal_cannot_show_ends_nothing(encoding: str) -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    with contextlib.redirect_stdout(output):
        prepare()
        assert run_command(["schema"]) == 0
