"""The commands as a user types them: what they print, and how each way of failing ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon import __version__
from daemon.cli import run_command

ROOT = Path(__file__).parents[2]


def pipit(*arguments: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run in a process of its own, without any key but the given ones."""
    clean = {name: value for name, value in os.environ.items() if name != "GEMINI_API_KEY"}
    return subprocess.run(
        [sys.executable, "-m", "daemon", *arguments],
        cwd=ROOT,
        env={**clean, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture
def toml(tmp_path: Path, models: Path) -> Path:
    """Valid settings for a machine without pins."""
    path = tmp_path / "pipit.toml"
    path.write_text(f'[wake]\nmodels_dir = "{models}"\n[gpio]\nfactory = "mock"\n')
    return path


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


def test_safe_visits_the_outputs(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(toml.read_text() + '[[device]]\nname = "lamp"\nkind = "led"\npin = 17\n')
    assert run_command(["safe", "--settings", str(toml)]) == 0
    assert capsys.readouterr().out == "1 output is in the safe state\n"


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["wake"]


def test_the_version_is_the_packages() -> None:
    assert pipit("--version").stdout.strip() == f"pipit {__version__}"


FAILURES = [
    pytest.param(["run", "--settings", "/nowhere/pipit.toml"], 78, "/nowhere/pipit.toml", id="no settings"),
    pytest.param(["ask", "tests/conftest.py", "--key-file", "{key}"], 65, "conftest.py", id="no audio"),
    pytest.param(["ask", "/nowhere.wav", "--key-file", "{key}"], 65, "/nowhere.wav", id="no file"),
    pytest.param(["ask", "/nowhere.wav"], 77, "API key", id="no key"),
    pytest.param(["ask", "x.wav", "--key-file", "/nowhere"], 77, "/nowhere", id="no key file"),
    pytest.param(
        ["chat", "--silent", "--key-file", "{key}", "--endpoint", "https://127.0.0.1:1"], 69, "network", id="no network"
    ),
    pytest.param(["chat", "--key-file", "{key}", "--speaker", "plughw:CARD=none"], 66, "none", id="no speaker"),
    pytest.param(
        ["demo", "--wav", "tests/conftest.py", "--models", "{models}"], 65, "conftest.py", id="demo of no audio"
    ),
    pytest.param(["demo", "--models", "/nowhere"], 66, "/nowhere", id="no models"),
    pytest.param(["demo", "--cloud", "--models", "{models}"], 77, "API key", id="cloud without key"),
    pytest.param(
        ["live-server", "--host", "192.0.2.1", "--port", "0", "--models", "{models}"],
        64,
        "192.0.2.1",
        id="no such host",
    ),
    pytest.param(["live-server", "--scenario", "/nowhere.toml"], 78, "/nowhere.toml", id="no scenario"),
]


@pytest.mark.parametrize(("arguments", "status", "culprit"), FAILURES)
def test_a_failure_is_one_sentence_with_its_fix_and_its_own_status(
    arguments: list[str], status: int, culprit: str, tmp_path: Path, models: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("AIza-test-key")
    key.chmod(0o600)
    places = {"key": str(key), "models": str(models)}
    done = pipit(*(argument.format(**places) for argument in arguments))
    assert done.returncode == status, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert culprit in last
    assert "Fix: " in last
    assert "Traceback" not in done.stderr
    assert "AIza-test-key" not in done.stderr + done.stdout


def test_a_wrong_word_shows_the_usage() -> None:
    done = pipit("sing")
    assert done.returncode == 2
    assert "usage: pipit" in done.stderr
