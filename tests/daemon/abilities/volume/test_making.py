"""From the tables to how loud what is."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.volume.making import volumes_of
from daemon.abilities.volume.settings import VolumeSettings
from daemon.state.store import Store
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS
from tests.daemon.abilities.quiet.quiet_houses import house as quiet_house
from tests.daemon.abilities.volume.volume_houses import AT_NIGHT, EARCON, QUIET_EARCONS, VOICE, loud


@pytest.mark.parametrize(
    ("table", "starts"),
    [
        ({}, {"voice": 60, "alarm": 80, "announcements": 60}),
        ({"alarm": 100, "announcements": 0}, {"voice": 60, "alarm": 100, "announcements": 0}),
        ({"announcements": 90}, {"voice": 60, "alarm": 80, "announcements": 90}),
    ],
)
async def test_what_the_tables_say_counts_until_somebody_chooses(table: dict[str, Any], starts: dict[str, int]) -> None:
    async with Store() as store:
        volumes = loud(store, voice=0.6, **table).volumes
        assert {whose: volumes.percent(whose) for whose in ("voice", "alarm", "announcements")} == starts


async def test_what_somebody_chose_is_there_after_a_restart() -> None:
    async with Store() as store:
        before = loud(store).volumes
        before.choose("voice", 30)
        assert await before.keep("voice")
        before.close()
        assert loud(store).volumes.percent("voice") == 30


async def test_a_largest_volume_counts_at_its_hours_and_not_for_what_rings() -> None:
    async with Store() as store:
        volumes = loud(store, HouseTime("2026-12-01T23:00"), largest=AT_NIGHT).volumes
        assert (volumes.percent("voice"), volumes.percent("alarm")) == (30, 80)
        assert loud(store, largest=AT_NIGHT).volumes.percent("voice") == 80


async def test_while_it_is_quiet_earcons_are_softer_and_the_change_is_told() -> None:
    async with Store() as store:
        time = HouseTime("2026-12-01T21:59:30")
        house = loud(store, time, quiet=NIGHTS)
        assert house.volumes.of(EARCON) == house.volumes.of(VOICE)
        time.pass_until("2026-12-01T22:00:30")
        assert house.quiet.active
        assert house.volumes.of(EARCON) == QUIET_EARCONS / 100
        assert house.volumes.of(VOICE) == 0.8
        assert [shown for shown, _ in house.told] == ["2026-12-01T22:00"]


async def test_closed_it_waits_for_nothing() -> None:
    async with Store() as store:
        time = HouseTime()
        quiet = quiet_house(store, time).quiet
        table = VolumeSettings.model_validate({"largest": AT_NIGHT})
        volumes = volumes_of(table, 0.8, store, quiet, QUIET_EARCONS, time.clock, time.later)
        assert time.timers.pending
        volumes.close()
        quiet.close()
        assert time.timers.pending == []
