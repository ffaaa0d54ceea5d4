"""`pipit usage`, as a page and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from daemon.command_line.pipit import run_command
from daemon.spending.settings import UsageSettings
from daemon.spending.usage import Usage
from daemon.spending.usage_page import BAR, Shown, as_json, as_text, bar, money, overview
from daemon.state.store import FILE, Store
from tests.daemon.spending.accounts import Calendar, book, turn

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = UsageSettings(daily_limit=1.0, monthly_limit=20.0)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Two days of October and one of November; a token costs a millionth."""
    clock = Calendar("2026-10-30")
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        for report in (turn(200_000, 50_000), turn(300_000, 10_000)):
            usage.received(report)
        clock.pass_days(1)
        usage.received(turn(320_000, 20_000))
        clock.pass_days(1)
        usage.received(turn(400_000, 100_000))
        Usage(store, "no-price", clock).received(turn(5, 5))
    return tmp_path


def text(folder: Path, shown: Shown, today: str = "2026-11-01", limits: UsageSettings = LIMITS) -> str:
    return as_text(overview(folder, today, limits), shown)


async def test_the_page_shows_cost_limit_tokens_and_what_was_billed_again(folder: Path) -> None:
    assert text(folder, "today").splitlines() == [
        "today 2026-11-01   2 turns   0.5000 USD of 1.0000 USD (50 %)",
        "  in     text 0   sound 400,005   pictures 0   (tokens)",
        "  out    text 0   sound 100,005",
        "  again  340,000 tokens billed again, 0.3400 USD, 68 % of all",
        "  spare  0.0000 USD by recycle_tokens = 10000, which is off",
        "  cost not known of 1 turn of a model without a price: add a [[price]] to the settings",
    ]
    both = text(folder, "both")
    assert "month 2026-11   2 turns   0.5000 USD of 20.0000 USD (2 %)" in both
    assert both.startswith(text(folder, "today"))


async def test_a_day_without_use_is_nothing_and_no_limit_is_not_shown(folder: Path) -> None:
    lines = text(folder, "today", today="2026-12-24", limits=UsageSettings(recycle_tokens=7)).splitlines()
    assert lines[0] == "today 2026-12-24   0 turns   0.0000 USD"
    assert lines[-1].endswith("by recycle_tokens = 7, on top of what it has spared")


async def test_while_the_clock_is_behind_today_is_the_day_of_the_newest_entry(folder: Path) -> None:
    assert text(folder, "today", today="1970-01-01").startswith("today 2026-11-01")


async def test_every_day_has_a_bar_as_long_as_its_cost(folder: Path) -> None:
    lines = text(folder, "by_day").splitlines()
    assert [line[:10] for line in lines] == ["2026-10-30", "2026-10-31", "2026-11-01"]
    assert [line.count("█") for line in lines] == [BAR, BAR * 34 // 56, BAR * 50 // 56]
    assert lines[0].endswith("0.5600 USD  2 turns")
    assert lines[2].endswith("0.5000 USD  2 turns   1 without price")


@pytest.mark.parametrize(("value", "most", "drawn"), [(0, 0, ""), (0, 9, ""), (1, 10**6, "▏"), (9, 9, "█" * BAR)])
def test_bars(value: int, most: int, drawn: str) -> None:
    assert bar(value, most) == drawn


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0.0000 EUR"), (1, "0.0001 EUR"), (999_999, "1.0000 EUR"), (1_234_500_000, "1,234.5000 EUR")],
)
def test_money_is_shown_never_less_than_it_is(amount: int, shown: str) -> None:
    assert money(amount, "EUR") == shown


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (0.5, "0.5000 USD of 0.5000 USD (100 %)"),
        (0.49995, "0.500000 USD of 0.499950 USD (100 %)"),
        (0.6, "0.5000 USD of 0.6000 USD (83 %)"),
    ],
)
async def test_what_is_left_of_a_limit_is_never_rounded_away(folder: Path, limit: float, shown: str) -> None:
    page = text(folder, "today", limits=UsageSettings(daily_limit=limit, monthly_limit=20.0))
    assert page.splitlines()[0] == f"today 2026-11-01   2 turns   {shown}"


async def test_json_has_the_same_in_whole_millionths(folder: Path) -> None:
    view = overview(folder, "2026-11-01", LIMITS)
    both = json.loads(as_json(view, "both"))
    assert both["today"]["cost_micro"] == both["month"]["cost_micro"] == 500_000
    assert both["today"]["limit_micro"] == 1_000_000
    assert both["today"]["turns_without_price"] == 1
    days: list[dict[str, Any]] = json.loads(as_json(view, "by_day"))["days"]
    assert [(day["period"], day["cost_micro"]) for day in days] == [
        ("2026-10-30", 560_000),
        ("2026-10-31", 340_000),
        ("2026-11-01", 500_000),
    ]
    assert sum(day["tokens"]["audio_in"] for day in days) == 200_000 + 300_000 + 320_000 + 400_005


async def test_the_command_reads_limits_and_state_from_where_it_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = folder / "pipit.toml"
    toml.write_text('[usage]\ncurrency = "EUR"\n')
    words = ["usage", "--settings", str(toml), "--state", str(folder), "--by-day"]
    assert run_command(words) == 0
    assert "0.5600 EUR" in capsys.readouterr().out
    assert run_command([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["currency"] == "EUR"


def test_where_nothing_was_kept_the_command_says_what_helps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = tmp_path / "pipit.toml"
    toml.touch()
    assert run_command(["usage", "--settings", str(toml), "--state", str(tmp_path)]) != 0
    assert "--state" in capsys.readouterr().err
