"""What every conversation works with, whoever leads it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.messages import HandleIssued, Tokens, UsageReported
from daemon.conversation.no_session import BudgetSpent
from daemon.house.equipment import Drivers, equipped
from daemon.house.settings import Settings
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from daemon.state.store import FILE, Store

if TYPE_CHECKING:
    from pathlib import Path

DRIVERS = Drivers(pins=None, environ={"GEMINI_API_KEY": "k"})


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


async def test_without_pins_nothing_is_wired_whatever_the_settings_say() -> None:
    wired = settings(button={"pin": 5}, device=[{"name": "lamp", "kind": "led", "pin": 17}])
    async with equipped(wired, DRIVERS, Store) as equipment:
        assert (equipment.wiring.button, equipment.wiring.outputs) == (None, ())
        assert not equipment.options().tools


async def test_a_session_is_told_what_its_options_say_and_both_keep_to_the_budget() -> None:
    limited = settings(usage={"daily_limit": 0.001})
    async with equipped(limited, DRIVERS, Store) as equipment:
        assert equipment.options().live.model == limited.live.model
        equipment.make_session(Uplink(AudioRing(1)), lambda _: None)
        equipment.usage.received(UsageReported(response=Tokens(10_000, audio=10_000), total=10_000))
        with pytest.raises(BudgetSpent):
            equipment.options()
        with pytest.raises(BudgetSpent):
            equipment.make_session(Uplink(AudioRing(1)), lambda _: None)


async def test_a_handle_is_told_to_nobody_but_whom_the_conversation_was_with(tmp_path: Path) -> None:
    kept = partial(Store, tmp_path / FILE)
    async with equipped(settings(), DRIVERS, kept) as equipment:
        equipment.memory.resumption.received(HandleIssued("h1"))
    other = settings(live={"model": "gemini-3.1-flash-live-preview"})
    for whom, home in (("", other), ("gemini-3.8-live at home", settings())):
        async with equipped(home, DRIVERS, kept, whom=whom) as elsewhere:
            assert elsewhere.options().handle == ""
    async with equipped(settings(), DRIVERS, kept) as again:
        assert again.options().handle == "h1"
