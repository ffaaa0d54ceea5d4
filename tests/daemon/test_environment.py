"""Rubbish in the variables that systemd, a terminal or a user may set: told, or as if it were not there."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from daemon.chat import continuity
from daemon.command_line.pipit import run_command
from daemon.conversation.no_session import KeyMissing
from daemon.house.held_outputs import NOTE, noted_outputs
from daemon.house.household import store_of
from daemon.house.running import state_file
from daemon.live.credentials import find_key
from daemon.own_folder import own_state
from tests.covering import covering

LONG = "x" * 5_000
RUBBISH = [LONG, "/" + LONG, "relative", "::", "/nonexistent", "/dev/null", "\udcff"]


@pytest.mark.parametrize("value", RUBBISH)
def test_a_runtime_directory_that_is_none_holds_no_note(value: str) -> None:
    assert noted_outputs({"RUNTIME_DIRECTORY": value}) is None


def test_of_several_runtime_directories_the_first_has_the_note(tmp_path: Path) -> None:
    (tmp_path / NOTE).write_text('{"device": [{"name": "lamp", "kind": "led", "pin": 17}]}')
    noted = noted_outputs({"RUNTIME_DIRECTORY": f"{tmp_path}:/nonexistent"})
    assert noted is not None
    assert [device.name for device in noted.devices] == ["lamp"]


@pytest.mark.parametrize("value", RUBBISH)
async def test_a_state_directory_that_is_none_costs_the_memory_alone(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with store_of(state_file({"STATE_DIRECTORY": value})) as store:
        assert store.rows("SELECT times FROM forgotten") == [(0,)]


@pytest.mark.parametrize("value", [LONG, f"/{LONG}", "/proc/self/mem"])
def test_a_folder_of_credentials_that_is_none_is_a_key_that_is_missing(value: str) -> None:
    with pytest.raises(KeyMissing):
        find_key("", {"CREDENTIALS_DIRECTORY": value})


NO_HOMES: list[dict[str, str]] = [{}, {"HOME": ""}, {"XDG_STATE_HOME": "relative"}, {"XDG_STATE_HOME": ""}]


@pytest.mark.parametrize("environ", NO_HOMES)
def test_what_is_a_user_s_own_is_in_his_home_if_the_environment_names_none(environ: dict[str, str]) -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir
    assert continuity.state_file(environ) == Path(home, ".local/state/pipit/chat.db")


def test_only_a_user_in_no_list_has_it_below_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 3)
    assert own_state({}) == Path("/.local/state")


def test_nothing_of_a_server_is_kept_below_the_root(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", "")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for command in ("live-server", "token-broker"):
        with pytest.raises(SystemExit):
            run_command([command, "--help"])
        assert str(own_state({}) / "pipit") in "".join(capsys.readouterr().out.split())


COMMANDS = ["live-server", "token-broker", "usage", "history"]
VARIABLES: list[tuple[str, str | None]] = [
    *(("COLUMNS", columns) for columns in ("-5", "0", "x", "9" * 40, "")),
    *(("TERM", LONG), ("LANG", "xx_YY.KOI9"), ("TZ", "Bad/Zone"), ("HOME", ""), ("HOME", None)),
    *(("XDG_STATE_HOME", value) for value in ("", "relative", LONG)),
    *(("STATE_DIRECTORY", value) for value in RUBBISH[:4]),
    ("PIPIT_MODELS", LONG),
]


@pytest.mark.parametrize(("variable", "command"), covering(VARIABLES, COMMANDS))
def test_a_command_explains_itself_whatever_the_environment(
    variable: tuple[str, str | None],
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, value = variable
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        run_command([command, "--help"])
    assert end.value.code == os.EX_OK
    assert f"pipit {command}" in capsys.readouterr().out.replace("\n", " ")
