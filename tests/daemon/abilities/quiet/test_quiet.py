"""Quiet by the hours of the settings and by what somebody says, over restarts and whatever the clock does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.quiet.quiet import DAY_S, LONGEST_S
from daemon.state.store import FILE, Store
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS, house

if TYPE_CHECKING:
    from pathlib import Path


async def test_without_hours_it_is_never_quiet_and_nothing_is_waited_for() -> None:
    async with Store() as store:
        home = house(store)
        assert home.time.timers.pending == []
        home.time.pass_s(3 * DAY_S)
        assert (home.quiet.active, home.quiet.until, home.told) == (False, None, [])


async def test_it_begins_and_ends_at_the_minute() -> None:
    async with Store() as store:
        home = house(store, HouseTime("2026-12-01T21:00:17"), **NIGHTS)
        home.time.pass_s(DAY_S)
        assert home.told == [("2026-12-01T22:00", True), ("2026-12-02T07:00", False)]
        home.quiet.close()
        assert home.time.timers.pending == []


async def test_one_that_starts_in_quiet_hours_is_quiet_at_once() -> None:
    async with Store() as store:
        home = house(store, HouseTime("2026-12-01T23:30"), **NIGHTS)
        assert home.quiet.active
        assert str(home.quiet.until) == "2026-12-02 07:00:00+01:00"
        assert home.told == []


@pytest.mark.parametrize(
    ("evening", "until", "hours"),
    [
        ("2027-03-27T21:00", "2027-03-28 07:00:00+02:00", 8),  # 02:00 to 03:00 is left out
        ("2026-10-24T21:00", "2026-10-25 07:00:00+01:00", 10),  # 02:00 to 03:00 comes twice
    ],
)
async def test_the_wall_clock_counts_when_it_is_changed_for_the_season(evening: str, until: str, hours: int) -> None:
    async with Store() as store:
        home = house(store, HouseTime(evening), **NIGHTS)
        home.time.pass_s(3600)
        assert str(home.quiet.until) == until
        home.time.pass_s(hours * 3600 - 1)
        assert [active for _, active in home.told] == [True]
        home.time.pass_s(1)
        assert home.told[-1] == (until[:16].replace(" ", "T"), False)


async def test_hours_that_begin_in_the_hour_that_is_left_out_begin_after_it() -> None:
    async with Store() as store:
        home = house(store, HouseTime("2027-03-28T01:00"), **{"from": "02:30", "to": "05:00"})
        home.time.pass_s(6 * 3600)
        assert home.told == [("2027-03-28T03:00", True), ("2027-03-28T05:00", False)]


async def test_a_clock_that_is_set_is_noticed_within_a_minute() -> None:
    async with Store() as store:
        home = house(store, **NIGHTS)
        home.time.set_clock("2026-12-20T23:30:00")
        home.time.pass_s(60)
        assert [active for _, active in home.told] == [True]
        home.time.set_clock("2026-12-20T12:00:00")
        home.time.pass_s(60)
        assert [active for _, active in home.told] == [True, False]


async def test_what_was_said_ends_at_its_second_and_nothing_is_waited_for_then() -> None:
    async with Store() as store:
        home = house(store)
        assert await home.quiet.hush(home.time() + 90)
        assert (home.quiet.active, home.told) == (True, [("2026-12-01T12:00", True)])
        home.time.pass_s(89)
        assert home.quiet.active
        home.time.pass_s(1)
        assert not home.quiet.active
        assert home.told[1:] == [("2026-12-01T12:01", False)]
        assert home.time.timers.pending == []


async def test_it_is_written_before_it_is_confirmed_and_outlives_a_restart(tmp_path: Path) -> None:
    time = HouseTime()
    async with Store(tmp_path / FILE) as store:
        await house(store, time).quiet.hush(time() + 3600)
        async with Store(tmp_path / FILE) as other:  # as after a power cut
            assert house(other, time).quiet.active
    time.pass_s(3599)
    async with Store(tmp_path / FILE) as store:
        home = house(store, time)
        assert home.quiet.active
        time.pass_s(1)
        assert home.told == [(time.shown, False)]


async def test_what_was_said_goes_on_into_the_hours_of_the_settings() -> None:
    async with Store() as store:
        home = house(store, HouseTime("2026-12-01T20:00"), **NIGHTS)
        await home.quiet.hush(home.time() + 3 * 3600)
        assert str(home.quiet.until) == "2026-12-02 07:00:00+01:00"
        home.time.pass_s(DAY_S / 2)
        assert home.told == [("2026-12-01T20:00", True), ("2026-12-02T07:00", False)]


async def test_lifting_ends_what_was_said_and_tonights_hours_until_they_begin_again(tmp_path: Path) -> None:
    time = HouseTime("2026-12-01T23:00")
    async with Store(tmp_path / FILE) as store:
        home = house(store, time, **NIGHTS)
        await home.quiet.hush(time() + 1800)
        await home.quiet.lift()
        assert (home.quiet.active, home.quiet.until) == (False, None)
        assert str(home.quiet.next_hours) == "2026-12-02 22:00:00+01:00"
    time.pass_s(3600)
    async with Store(tmp_path / FILE) as store:
        home = house(store, time, **NIGHTS)
        assert not home.quiet.active
        time.pass_s(DAY_S)
        assert home.told == [("2026-12-02T22:00", True)]


async def test_lifting_by_day_leaves_the_night_as_it_is() -> None:
    async with Store() as store:
        home = house(store, **NIGHTS)
        await home.quiet.hush(home.time() + 1800)
        await home.quiet.lift()
        assert not home.quiet.active
        home.time.pass_until("2026-12-01T22:00")
        assert home.quiet.active


@pytest.mark.parametrize("ahead_s", [LONGEST_S + 2 * DAY_S, 400 * DAY_S])
async def test_a_clock_that_was_set_far_back_does_not_keep_it_quiet(ahead_s: float) -> None:
    async with Store() as store:
        home = house(store)
        await home.quiet.hush(home.time() + ahead_s)
        assert not home.quiet.active


@pytest.mark.parametrize(("until", "lifted"), [("x", None), (None, -1), (1e300, None)])
async def test_a_damaged_row_counts_as_none_and_is_told(
    until: object, lifted: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store() as store:
        await store.run(lambda file: file.execute("INSERT INTO quiet VALUES (1, ?, ?)", (until, lifted)))
        home = house(store)
        assert not home.quiet.active
        assert "1 row of quiet cannot be read" in caplog.text
        await home.quiet.hush(home.time() + 60)
        assert house(store, home.time).quiet.active


async def test_all_who_asked_are_told() -> None:
    async with Store() as store:
        home, others = house(store), list[bool]()
        home.quiet.reports_to(lambda: others.append(home.quiet.active))
        await home.quiet.hush(home.time() + 60)
        await home.quiet.hush(home.time() + 120)  # nothing changes
        home.time.pass_s(120)
        assert others == [True, False]
        assert [active for _, active in home.told] == others
