"""What a row of lights is told of the house."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest

from daemon.house.light_news import TimerNews, told_to_light
from daemon.lights.voice_level import Loudness
from daemon.state.store import Store
from hardware.fake import RecordingIndicator
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS
from tests.daemon.abilities.timers.time_machine import House
from tests.daemon.abilities.volume.volume_houses import AT_NIGHT, loud

if TYPE_CHECKING:
    from daemon.house.light_news import Telling


class Row(RecordingIndicator):
    """A row that notes what it is told."""

    wants_loudness = False

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[float] = []
        self.left: list[tuple[float, float]] = []

    def loudness(self, level: float) -> None:
        raise AssertionError(level)

    def bar(self, share: float) -> None:
        self.bars.append(share)

    def count_down(self, left_s: float, length_s: float) -> None:
        self.left.append((round(left_s, 3), length_s))


def daily(**parts: Any) -> Any:
    return SimpleNamespace(**{"timers": None, **parts})


def test_a_single_light_is_told_nothing() -> None:
    assert told_to_light(RecordingIndicator(), daily(), "dim") == ()
    assert told_to_light(None, daily(), "dim") == ()


async def test_the_volume_that_somebody_chooses_is_shown_and_no_ceiling() -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T21:30:40"), largest=AT_NIGHT)
        row = Row()
        [witness] = told_to_light(row, daily(volumes=home.volumes, quiet=home.quiet), "dim")
        assert isinstance(witness, Loudness)
        home.volumes.wish("alarm", 70)
        home.volumes.wish("voice", 40)
        home.volumes.wish("voice", 40)
        assert row.bars == [0.7, 0.4]
        home.time.pass_s(3_600)
        assert home.volumes.percent("voice") == 30
        assert row.bars == [0.7, 0.4]


@pytest.mark.parametrize(("light", "bars"), [("dim", [0.2]), ("off", [])])
async def test_at_night_it_is_shown_if_the_light_may_be_seen(light: Literal["dim", "off"], bars: list[float]) -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T23:00"), quiet=NIGHTS)
        row = Row()
        told_to_light(row, daily(volumes=home.volumes, quiet=home.quiet), light)
        home.volumes.wish("voice", 20)
        assert row.bars == bars


async def test_the_timer_that_ends_first_is_counted_down() -> None:
    home, row = House(), Row()
    quiet: Any = SimpleNamespace(active=False)
    news = TimerNews(row, home.keeper, quiet)
    home.keeper.tells(news.tell)
    await home.call("set_timer", seconds=600)
    await home.passes(100)
    await home.call("set_timer", seconds=60)
    await home.call("set_alarm", at="2026-12-31T07:00")
    assert row.left[-1] == (60, 60)
    await home.passes(59)
    quiet.active = True
    news.tell()
    assert row.left[-1] == (0, 0)
    quiet.active = False
    news.tell()
    assert row.left[-1] == (1, 60)
    await home.passes(2)
    assert row.left[-1] == (pytest.approx(440, abs=1), 600), "what rings is counted no more"


async def test_a_timer_that_snoozes_is_no_bar() -> None:
    home, row = House(), Row()
    await home.call("set_timer", seconds=60)
    [entry] = home.keeper.entries.values()
    snoozed = replace(entry, phase="snoozed", stamp=home.keeper.now().stamp(30))
    keeper: Any = SimpleNamespace(entries={1: snoozed}, now=home.keeper.now)
    TimerNews(row, keeper, cast("Any", SimpleNamespace(active=False))).tell()
    assert row.left == [(0, 0)]


def test_the_row_is_what_is_looked_for() -> None:
    row: Telling = Row()
    assert not row.wants_loudness
