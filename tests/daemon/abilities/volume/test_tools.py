"""The volume, as a model asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.state.store import Store
from daemon.tools.undo import Undo
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.volume.volume_houses import AT_NIGHT, loud

NIGHT_NOTE = "it cannot be louder than 30 percent from 22:00 to 07:00"


@pytest.mark.parametrize(
    ("tool", "arguments", "of", "percent"),
    [
        ("set_volume", {"percent": 40}, "voice", 40),
        ("set_volume", {"percent": 40.0}, "voice", 40),
        ("set_volume", {"percent": 0}, "voice", 0),
        ("set_volume", {"percent": 10, "of": "alarm"}, "alarm", 10),
        ("set_volume", {"percent": 0, "of": "announcements"}, "announcements", 0),
        ("change_volume", {"direction": "louder"}, "voice", 90),
        ("change_volume", {"direction": "quieter"}, "voice", 70),
        ("change_volume", {"direction": "quieter", "percent": 25, "of": "alarm"}, "alarm", 55),
        ("get_volume", {}, "voice", 80),
        ("get_volume", {"of": "Alarm"}, "alarm", 80),
    ],
)
async def test_the_answer_says_whose_it_is_and_what_it_is_now(
    tool: str, arguments: dict[str, Any], of: str, percent: int
) -> None:
    async with Store() as store:
        home = loud(store)
        answer = await home.ask(tool, **arguments)
        assert answer == {"ok": True, "of": of, "percent": percent, "largest": 100}
        assert loud(store).volumes.percent(of) == percent  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("set_volume", {"percent": 150}),
        ("set_volume", {"percent": -1}),
        ("set_volume", {"percent": "loud"}),
        ("set_volume", {}),
        ("set_volume", {"percent": 40, "of": "radio"}),
        ("change_volume", {"direction": "up"}),
        ("change_volume", {"direction": "louder", "percent": 101}),
        ("get_volume", {"of": 3}),
    ],
)
async def test_what_does_not_fit_is_refused(tool: str, arguments: dict[str, Any]) -> None:
    async with Store() as store:
        home = loud(store)
        assert set(await home.ask(tool, **arguments)) == {"error", "fix"}
        assert home.told == []


@pytest.mark.parametrize("percent", [0, 9])
async def test_an_alarm_that_nobody_hears_is_refused(percent: int) -> None:
    async with Store() as store:
        home = loud(store)
        answer = await home.ask("set_volume", percent=percent, of="alarm")
        assert "cannot be softer than 10 percent" in answer["error"]
        assert "10 or more" in answer["fix"]
        assert home.told == []


@pytest.mark.parametrize(
    ("tool", "arguments", "percent", "note"),
    [
        ("set_volume", {"percent": 80}, 30, NIGHT_NOTE),
        ("set_volume", {"percent": 30}, 30, None),
        ("change_volume", {"direction": "louder"}, 30, NIGHT_NOTE),
        ("change_volume", {"direction": "quieter"}, 20, None),
    ],
)
async def test_beyond_the_largest_it_is_the_largest_and_the_answer_says_so(
    tool: str, arguments: dict[str, Any], percent: int, note: str | None
) -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T23:00"), largest=AT_NIGHT)
        answer = await home.ask(tool, **arguments)
        assert (answer["percent"], answer["largest"], answer.get("note")) == (percent, 30, note)


async def test_an_alarm_is_as_loud_at_night() -> None:
    async with Store() as store:
        home = loud(store, HouseTime("2026-12-01T23:00"), largest=AT_NIGHT)
        answer = await home.ask("set_volume", percent=100, of="alarm")
        assert answer == {"ok": True, "of": "alarm", "percent": 100, "largest": 100}


@pytest.mark.parametrize(
    ("voice", "direction", "percent", "note"),
    [
        (1.0, "louder", 100, "it cannot be louder"),
        (0.95, "louder", 100, "it cannot be louder"),
        (0.9, "louder", 100, None),
        (0.1, "quieter", 10, "as quiet as quieter goes"),
        (0.15, "quieter", 10, "as quiet as quieter goes"),
        (0.2, "quieter", 10, None),
    ],
)
async def test_at_the_ends_it_says_that_there_is_no_more(
    voice: float, direction: str, percent: int, note: str | None
) -> None:
    async with Store() as store:
        answer = await loud(store, voice=voice).ask("change_volume", direction=direction)
        assert answer["percent"] == percent
        assert ("note" in answer) is (note is not None)
        assert (note or "") in answer.get("note", "")


async def test_a_step_is_that_of_the_settings() -> None:
    async with Store() as store:
        answer = await loud(store, step_percent=20).ask("change_volume", direction="quieter")
        assert answer["percent"] == 60


@pytest.mark.parametrize(
    ("tool", "arguments"), [("set_volume", {"percent": 20}), ("change_volume", {"direction": "quieter"})]
)
async def test_a_call_that_is_taken_back_leaves_it_as_it_was(tool: str, arguments: dict[str, Any]) -> None:
    async with Store() as store:
        home, undo = loud(store), Undo()
        await home.ask("set_volume", percent=40)
        await home.ask(tool, undo, **arguments)
        assert await undo.run()
        assert home.volumes.percent("voice") == 40
        assert loud(store).volumes.percent("voice") == 40


async def test_a_card_that_is_broken_is_no_reason_to_stay_loud() -> None:
    async with Store() as store:
        home = loud(store)
        await store.run(lambda file: file.execute("DROP TABLE volumes"))
        answer = await home.ask("set_volume", percent=20)
        assert home.now()[0] == 0.2
        assert answer["note"] == "it holds now, but will be forgotten at a restart"
