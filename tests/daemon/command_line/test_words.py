"""The words of the command line: what is said by default, and that every command explains itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.command_line import words as cli_words
from daemon.command_line.pipit import run_command
from daemon.house.file import DEFAULT_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = (
    "run",
    "check",
    "safe",
    "schema",
    "demo",
    "chat",
    "ask",
    "voices",
    "live-server",
    "doctor",
    "support-bundle",
    "usage",
)


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
    names = ("endpoint", "ca_file", "model", "voice", "language", "system", "key_file")
    assert [getattr(options, name) for name in names] == [None] * len(names)


def test_a_question_is_a_file_or_a_text() -> None:
    assert parsed(cli_words.add_ask, "--text", " What time is it? ").text == "What time is it?"
    for words in ([], ["question.wav", "--text", "What?"], ["--text", " "]):
        with pytest.raises(SystemExit):
            parsed(cli_words.add_ask, *words)


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "inf", "nan", "3601"])
def test_a_timeout_is_a_time(seconds: str) -> None:
    with pytest.raises(SystemExit):
        parsed(cli_words.add_ask, "question.wav", f"--timeout={seconds}")


def test_a_chat_begins_anew_and_is_heard_unless_it_is_told_otherwise() -> None:
    options = parsed(cli_words.add_chat)
    assert (options.how, options.written, options.audio, options.tools, options.show_wire) == ("", *[False] * 4)
    assert parsed(cli_words.add_chat, "--resume").how == "resume"
    with pytest.raises(SystemExit):
        parsed(cli_words.add_chat, "--resume", "--new")


@pytest.mark.parametrize(("text", "why"), [(" \n", "must not be empty"), ("hello \udcff", "must be UTF-8")])
def test_what_cannot_be_asked_is_refused(capsys: pytest.CaptureFixture[str], text: str, why: str) -> None:
    with pytest.raises(SystemExit):
        parsed(cli_words.add_ask, "--text", text)
    assert why in capsys.readouterr().err
