"""What may be said after `pipit say`, `volume`, `timers` and the others."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.command_line import household_words
from daemon.command_line.household_commands import COMMANDS
from daemon.command_line.pipit import run_command

if TYPE_CHECKING:
    from collections.abc import Callable


def parsed(add: Callable[[argparse.ArgumentParser], None], *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("command", [name for name, *_ in COMMANDS])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run_command([command, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: pipit {command} ")


def test_the_socket_is_the_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    assert parsed(household_words.add_status).socket == Path("/run/pipit/control.sock")
    monkeypatch.setenv("RUNTIME_DIRECTORY", "/run/other")
    assert parsed(household_words.add_status).socket == Path("/run/other/control.sock")


def test_a_message_has_an_hour() -> None:
    options = parsed(household_words.add_say, "dinner", "is", "ready")
    assert (options.text, options.expires, options.wait) == (["dinner", "is", "ready"], 3_600, False)
    options = parsed(household_words.add_say, "--expires", "30m", "--wait", "-")
    assert (options.text, options.expires, options.wait) == (["-"], 1_800, True)


@pytest.mark.parametrize(
    ("words", "to", "of"),
    [
        ([], None, None),
        (["40"], ("percent", 40), None),
        (["40%", "--alarm"], ("percent", 40), "alarm"),
        (["+10"], ("change", 10), None),
        (["-10"], ("change", -10), None),
        (["--announcements", "-5"], ("change", -5), "announcements"),
    ],
)
def test_a_volume_is_a_number_or_a_step(words: list[str], to: tuple[str, int] | None, of: str | None) -> None:
    options = parsed(household_words.add_volume, *words)
    assert (options.to, options.of) == (to, of)


@pytest.mark.parametrize("word", ["101", "loud", "1.5", "--5", "٣", "+", "", "1000"])
def test_what_is_no_volume(word: str) -> None:
    with pytest.raises(SystemExit):
        parsed(household_words.add_volume, word)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("", {"action": None}),
        ("list", {"action": "list"}),
        ("set 1h30m --name pasta", {"action": "set", "seconds": 5_400, "name": "pasta"}),
        ("alarm 07:00 --repeat FREQ=DAILY", {"action": "alarm", "at": "07:00", "repeat": "FREQ=DAILY", "name": None}),
        ("remind bins --in 5m", {"action": "remind", "text": "bins", "seconds": 300, "at": None}),
        ("remind bins --at 18:30", {"action": "remind", "at": "18:30", "seconds": None}),
        (
            "device lamp on --in 20m",
            {"action": "device", "device": "lamp", "state": "on", "seconds": 1_200, "at": None},
        ),
        ("device lamp off --at 07:00 --repeat FREQ=DAILY", {"state": "off", "at": "07:00", "repeat": "FREQ=DAILY"}),
        ("cancel all", {"action": "cancel", "which": "all"}),
        ("extend 3 --by 5m", {"action": "extend", "which": "3", "seconds": 300}),
        ("snooze", {"action": "snooze", "which": None, "seconds": None}),
        ("skip 3", {"action": "skip", "which": "3"}),
    ],
)
def test_what_timers_take(words: str, given: dict[str, Any]) -> None:
    options = vars(parsed(household_words.add_timers, *words.split()))
    assert {name: options[name] for name in given} == given


@pytest.mark.parametrize(
    "words",
    ["cancel", "set", "set soon", "alarm", "remind bins", "extend 3", "dance", "device a on", "device a up --in 5m"],
)
def test_what_they_do_not(words: str) -> None:
    with pytest.raises(SystemExit):
        parsed(household_words.add_timers, *words.split())
