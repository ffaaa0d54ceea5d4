"""Limits and prices: what is refused, and with which advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.house.file import check

if TYPE_CHECKING:
    from pathlib import Path

PRICE = "[[price]]\nmodel = {model}\ntext_in = 1.0\naudio_in = 1.0\nimage_in = 1.0\ntext_out = 1.0\naudio_out = 1.0\n"


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "pipit.toml"
    path.write_text(text)
    return [f"{problem.key}: {problem.what}" for problem in check(path).problems]


def test_a_limit_that_nobody_could_keep_is_refused(tmp_path: Path) -> None:
    unknown = '[live]\nmodel = "gemini-9-live"\n[usage]\nmonthly_limit = 5\n'
    (refused,) = problems(tmp_path, unknown)
    assert refused == 'usage.monthly_limit: cannot be kept, for "gemini-9-live" has no price here'
    assert problems(tmp_path, unknown + PRICE.format(model='"gemini-9"')) == []
    assert problems(tmp_path, "[usage]\nmonthly_limit = 5\n") == []


@pytest.mark.parametrize("since", ["9.10.2026", "2026-13-01", "20261009", "tomorrow"])
def test_a_price_is_dated_by_a_day(tmp_path: Path, since: str) -> None:
    (refused,) = problems(tmp_path, PRICE.format(model='"m"') + f'since = "{since}"\n')
    assert refused.startswith("price[1].since: must be a day as YYYY-MM-DD")


@pytest.mark.parametrize("line", ["daily_limit = -1", "warn_at = 0", "warn_at = 1.1", 'currency = ""'])
def test_what_makes_no_sense_is_refused(tmp_path: Path, line: str) -> None:
    (refused,) = problems(tmp_path, f"[usage]\n{line}\n")
    assert refused.startswith(f"usage.{line.partition(' ')[0]}: ")
