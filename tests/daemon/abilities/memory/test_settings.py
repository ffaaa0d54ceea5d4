"""What `pipit check` says about [history]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.house.file import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "pipit.toml"


def test_tools_need_something_to_tell(toml: Path) -> None:
    toml.write_text("[history]\ntools = true\n")
    (problem,) = check(toml).problems
    assert (problem.line, problem.key) == (2, "history.tools")
    assert "write keep = true" in problem.fix
    toml.write_text("[history]\nkeep = true\ntools = true\n")
    assert check(toml).ok


@pytest.mark.parametrize("days", ["0", "3651", "1.5", '"30"'])
def test_days_are_one_to_ten_years(toml: Path, days: str) -> None:
    toml.write_text(f"[history]\ndays = {days}\n")
    assert [problem.key for problem in check(toml).problems] == ["history.days"]


@pytest.mark.parametrize("side", ["input", "output"])
def test_a_history_of_what_is_not_written_down_is_warned_of(toml: Path, side: str) -> None:
    toml.write_text(f"[history]\nkeep = true\n[live.transcription]\n{side} = false\n")
    (warning,) = check(toml).warnings
    assert warning.line == 2
    assert f"{side} = true" in warning.fix
    toml.write_text(f"[live.transcription]\n{side} = false\n")
    assert check(toml).warnings == ()
