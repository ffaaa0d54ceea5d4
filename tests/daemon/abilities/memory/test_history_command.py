"""`pipit history` as a user types it."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.history import History
from daemon.abilities.memory.said import Said
from daemon.abilities.memory.when import moment
from daemon.command_line.pipit import run_command
from daemon.state.store import FILE, STEPS, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    History_ = Callable[..., int]

DAY_S = 86_400.0
AT = moment("2026-03-01T18:05")
PAGE = ("Birds", "https://birds.example")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "pipit.toml"
    path.write_text("[history]\nkeep = true\n")
    return path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def history(settings: Path, state: Path) -> History_:
    """`pipit history WORDS…` about this state, with these settings where they matter."""

    def run(*words: str) -> int:
        where = ["--state", str(state)] + ([] if words[0] == "forget" else ["--settings", str(settings)])
        return run_command(["history", *words, *where])

    return run


@pytest.fixture
async def filled(state: Path) -> None:
    async with Store(state / FILE) as store:
        history = History(store, lambda: 0.0, 30)
        history.add(Said(AT, 1, "user", "What sings?"))
        history.add(Said(AT, 1, "model", "A bird does.", (PAGE,)))
        history.add(Said(AT + DAY_S, 2, "user", "My secret is tea."))


@pytest.mark.usefixtures("filled")
class TestFilled:
    def test_show_prints_who_said_what_and_when(self, history: History_, capsys: pytest.CaptureFixture[str]) -> None:
        assert history("show") == 0
        assert capsys.readouterr().out.splitlines() == [
            "2026-03-01 18:05  you   What sings?",
            "2026-03-01 18:05  pipit A bird does.",
            "                        Birds <https://birds.example>",
            "2026-03-02 18:05  you   My secret is tea.",
        ]

    def test_show_of_the_last_days_and_as_json(self, history: History_, capsys: pytest.CaptureFixture[str]) -> None:
        assert history("show", "--days", "1") == 0
        assert capsys.readouterr().out == "nothing was said in the last 1 days\n"
        assert history("show", "--json") == 0
        remarks = json.loads(capsys.readouterr().out)["remarks"]
        assert remarks[1] == {
            "at": AT,
            "time": "2026-03-01 18:05",
            "speaker": "model",
            "text": "A bird does.",
            "sources": [{"title": "Birds", "uri": "https://birds.example"}],
        }

    def test_export_is_a_new_file_for_its_owner(
        self, history: History_, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "talk.jsonl"
        assert history("export", str(target)) == 0
        assert [json.loads(line)["text"] for line in target.read_text().splitlines()][2] == "My secret is tea."
        assert target.stat().st_mode & 0o777 == 0o600
        assert history("export", str(target)) == os.EX_USAGE
        assert f"there is a file {target} already" in capsys.readouterr().err
        assert history("export", str(tmp_path / "none" / "file")) == os.EX_USAGE
        assert "cannot be written" in capsys.readouterr().err

    def test_export_to_standard_output_is_nothing_but_the_remarks(
        self, history: History_, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert history("export", "-") == 0
        assert [json.loads(line)["speaker"] for line in capsys.readouterr().out.splitlines()] == [
            "user",
            "model",
            "user",
        ]

    @pytest.mark.parametrize(
        ("what", "count", "left"),
        [
            (["--all"], 3, []),
            (["--since", "2026-03-02"], 1, ["What sings?", "A bird does."]),
            (["--since", "2026-03-01T18:05"], 3, []),
            (["--containing", "BIRD"], 2, ["My secret is tea."]),
            (["--containing", "nobody said that"], 0, ["What sings?", "A bird does.", "My secret is tea."]),
        ],
    )
    def test_forget(
        self,
        history: History_,
        state: Path,
        capsys: pytest.CaptureFixture[str],
        what: list[str],
        count: int,
        left: list[str],
    ) -> None:
        assert history("forget", *what) == 0
        word = "remark" if count == 1 else "remarks"
        assert capsys.readouterr().out == f"{count} {word} forgotten; the next session begins anew\n"
        history("show", "--json")
        assert [remark["text"] for remark in json.loads(capsys.readouterr().out)["remarks"]] == left
        everything = b"".join(path.read_bytes() for path in state.iterdir())
        assert (b"secret" in everything) == any("secret" in text for text in left)

    @pytest.mark.parametrize(
        ("what", "complaint"),
        [(["--since", "yesterday"], '"yesterday" is no date'), (["--containing", ""], "needs a text")],
    )
    def test_what_it_does_not_understand_it_does_not_forget(
        self, history: History_, capsys: pytest.CaptureFixture[str], what: list[str], complaint: str
    ) -> None:
        assert history("forget", *what) == os.EX_USAGE
        assert complaint in capsys.readouterr().err
        assert history("show") == 0
        assert "tea" in capsys.readouterr().out

    def test_the_file_of_another_version_is_left_alone(
        self, history: History_, state: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for version, age in ((len(STEPS) + 1, "a newer"), (len(STEPS) - 1, "an older")):
            database = sqlite3.connect(state / FILE)
            database.execute(f"PRAGMA user_version = {version}")
            database.close()
            assert history("forget", "--all") == 1
            assert f"is of {age} Pipit" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named_and_not_made(
    history: History_, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history("show") == 1
    assert f"there is no state file {state / FILE}" in capsys.readouterr().err
    assert list(state.iterdir()) == []


def test_a_damaged_file_is_said_to_be_one(history: History_, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (state / FILE).write_bytes(b"no database at all" * 100)
    assert history("show") == 1
    assert "file is not a database" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_someone_who_may_not_read_it_is_told_of_sudo(
    history: History_, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / FILE).touch()
    state.chmod(0o700)
    os.seteuid(65_534)
    try:
        assert history("show") == 1
    finally:
        os.seteuid(0)
    assert "sudo" in capsys.readouterr().err


async def test_nothing_is_told_apart_from_history_that_is_off(
    history: History_, state: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Store(state / FILE):
        pass
    assert history("show") == 0
    assert capsys.readouterr().out == "nothing was said\n"
    await asyncio.to_thread(settings.write_text, "")
    assert history("show") == 1
    assert "the history is off" in capsys.readouterr().err
    assert history("export", "-") == 1
    assert "[history]" in capsys.readouterr().err


def test_the_service_says_where_its_state_is(
    state: Path, settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", f"{state}:/elsewhere")
    assert run_command(["history", "show", "--settings", str(settings)]) == 1
    assert str(state / FILE) in capsys.readouterr().err
