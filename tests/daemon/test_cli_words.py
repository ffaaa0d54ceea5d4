"""The words of the command line: what is said by default, and that every command explains itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon import cli_words
from daemon.cli import run_command
from daemon.settings_file import DEFAULT_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = ("run", "check", "safe", "schema", "demo", "chat", "ask", "live-server", "doctor", "support-bundle", "usage")


def parsed(add: Callable[[argparse.ArgumentParser], None], *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run_command([command, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: pipit {command} ")


def test_the_doctor_asks_what_it_is_not_told() -> None:
    options = parsed(cli_words.add_doctor)
    assert (options.check_key, options.hands_on) == (None, None)
    assert (options.json, options.fix, options.bench, options.settings) == (False, False, False, DEFAULT_PATH)


def test_the_doctor_takes_yes_and_no() -> None:
    options = parsed(cli_words.add_doctor, "--no-check-key", "--hands-on", "--settings", "/tmp/pipit.toml")  # noqa: S108
    assert (options.check_key, options.hands_on, options.settings) == (False, True, Path("/tmp/pipit.toml"))  # noqa: S108


def test_a_demo_has_one_source_of_sound() -> None:
    with pytest.raises(SystemExit):
        parsed(cli_words.add_demo, "--alsa", "--wav", "question.wav")


def test_what_a_session_is_not_told_the_settings_say() -> None:
    options = parsed(cli_words.add_ask, "question.wav")
    assert [getattr(options, name) for name in ("endpoint", "ca_file", "model", "voice")] == [None] * 4
