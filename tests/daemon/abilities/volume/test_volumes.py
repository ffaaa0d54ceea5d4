"""How loud each kind of sound is, by choice, by the time of day, and while it is quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.volume.volumes import RESTED_S
from daemon.state.store import FILE, Store
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS
from tests.daemon.abilities.volume.volume_houses import AT_NIGHT, EARCON, QUIET_EARCONS, VOICE, loud

if TYPE_CHECKING:
    from pathlib import Path


async def test_at_first_they_are_as_the_settings_say_and_nothing_is_waited_for() -> None:
    async with Store() as store:
        home = loud(store, voice=0.35, alarm=90)
        assert home.now() == (0.35, 0.35, 0.9)
        assert home.volumes.of(EARCON) == 0.35
        assert loud(store, announcements=20).now() == (0.8, 0.2, 0.8)
        assert loud(store, announcements=0).now() == (0.8, 0, 0.8)
        assert home.time.timers.pending == []


async def test_a_choice_is_told_written_and_remembered(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        home = loud(store)
        home.volumes.wish("voice", 40)
        home.volumes.wish("announcements", 50)
        home.volumes.wish("announcements", 50)
        assert [now for _, now in home.told] == [(0.4, 0.8, 0.8), (0.4, 0.5, 0.8)]
        assert await home.volumes.keep("voice")
        async with Store(tmp_path / FILE) as other:  # as after a power cut
            assert loud(other).now() == (0.4, 0.8, 0.8)


async def test_all_who_asked_are_told() -> None:
    async with Store() as store:
        home, others = loud(store), list[float]()
        home.volumes.reports_to(lambda: others.append(home.volumes.of(VOICE)))
        home.volumes.wish("voice", 40)
        assert (others, len(home.told)) == ([0.4], 1)


async def test_a_largest_volume_begins_and_ends_at_its_minute_and_forgets_no_choice() -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T21:30:40"), announcements=20, largest=AT_NIGHT)
        home.time.pass_s(86_400)
        assert home.told == [("2026-12-01T22:00", (0.3, 0.2, 0.8)), ("2026-12-02T07:00", (0.8, 0.2, 0.8))]
        home.volumes.close()
        home.quiet.close()
        assert home.time.timers.pending == []


async def test_a_clock_that_is_set_is_noticed_within_a_minute() -> None:
    async with Store() as store:
        home = loud(store, largest=AT_NIGHT)
        home.time.set_clock("2026-12-24T23:59:30")
        home.time.pass_s(60)
        home.time.set_clock("2026-12-24T12:00:00")
        home.time.pass_s(60)
        assert [now[0] for _, now in home.told] == [0.3, 0.8]


@pytest.mark.parametrize(
    ("whose", "wished", "heard", "in_the_morning"),
    [
        ("voice", 80, 30, 80),  # more was chosen before
        ("voice", 20, 20, 20),
        ("voice", 30, 30, 30),
        ("announcements", 100, 30, 30),  # less was chosen before: it is not louder in the morning than was heard
        ("alarm", 100, 100, 100),
    ],
)
async def test_what_is_wished_beyond_the_largest_is_the_largest(
    whose: str, wished: int, heard: int, in_the_morning: int
) -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T23:00"), announcements=20, largest=AT_NIGHT)
        home.volumes.wish(whose, wished)  # type: ignore[arg-type]
        assert home.volumes.percent(whose) == heard  # type: ignore[arg-type]
        home.time.pass_until("2026-12-02T07:00")
        assert home.volumes.percent(whose) == in_the_morning  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "by", "after"),
    [(80, 10, 90), (95, 10, 100), (80, -10, 70), (15, -10, 10), (10, -10, 10), (4, -10, 4), (0, 10, 10), (0, -10, 0)],
)
async def test_louder_ends_at_full_and_quieter_before_silence(before: int, by: int, after: int) -> None:
    async with Store() as store:
        home = loud(store, voice=before / 100)
        home.volumes.nudge("voice", by)
        assert home.volumes.percent("voice") == after


async def test_louder_and_quieter_begin_from_what_is_heard() -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T23:00"), largest=AT_NIGHT)
        home.volumes.nudge("voice", 10)
        assert home.volumes.chosen("voice") == 80
        home.volumes.nudge("voice", -10)
        assert home.volumes.percent("voice") == 20


async def test_earcons_are_softer_while_it_is_quiet_and_follow_the_voice_otherwise() -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T21:30"), quiet=NIGHTS)
        home.time.pass_until("2026-12-01T22:00")
        assert home.volumes.of(EARCON) == QUIET_EARCONS / 100
        assert home.now() == (0.8, 0.8, 0.8)
        assert [at for at, _ in home.told] == ["2026-12-01T22:00"]
        home.volumes.wish("voice", 20)
        assert home.volumes.of(EARCON) == 0.2
        home.time.pass_until("2026-12-02T07:00")
        assert home.volumes.of(EARCON) == 0.2


async def test_what_is_turned_by_hand_is_heard_at_once_and_written_when_the_hand_rests(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        home = loud(store)
        for _ in range(3):
            home.volumes.turn(-10)
            home.time.pass_s(RESTED_S / 2)
        assert home.now()[0] == 0.5
        await store.run(lambda _file: None)
        assert loud(store).now()[0] == 0.8
        home.time.pass_s(RESTED_S / 2)
        await store.run(lambda _file: None)
        assert loud(store).now()[0] == 0.5


async def test_a_stop_does_not_lose_what_was_turned_last(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        home = loud(store)
        home.volumes.turn(-10)
        home.volumes.close()
    async with Store(tmp_path / FILE) as store:
        assert loud(store).now()[0] == 0.7


async def test_a_damaged_row_gives_way_to_the_settings() -> None:
    async with Store() as store:
        await store.run(lambda file: file.execute("INSERT INTO volumes VALUES ('voice', 4711)"))
        assert loud(store).now()[0] == 0.8
