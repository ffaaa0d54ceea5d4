"""What an input starts is done through the tools, what is refused is told, and what is too often is left undone."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from daemon.abilities.inputs.deeds import MINUTE_S, Allowance
from daemon.abilities.inputs.settings import ActionSettings
from tests.daemon.abilities.inputs.entrance import Written


def action(**keys: Any) -> ActionSettings:
    return ActionSettings(when="opened", **keys)


async def test_each_deed() -> None:
    written = Written()
    deeds = written.deeds()
    for wanted in ({"scene": "evening"}, {"say": "Open."}, {"do": "listen"}, {"do": "mute"}):
        deeds.do("door", action(**wanted))
    for do in ("louder", "quieter"):
        deeds.do("door", action(do=do))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert written.done == ["say Open.", "listen", "mute", "volume +1", "volume -1", "scene evening"]


@pytest.mark.parametrize("keys", [{"scene": "evening"}, {"say": "Open."}])
async def test_what_is_refused_is_told_to_the_journal(keys: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    written = Written()
    written.refuses = "the fountain must rest"
    with caplog.at_level(logging.WARNING):
        written.deeds().do("door", action(**keys))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    [told] = caplog.messages
    assert 'what "door" started was not done: the fountain must rest' in told


def test_so_many_a_minute_and_what_is_beyond_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    now_s = 0.0
    allowance = Allowance("door", 3, lambda: now_s)
    with caplog.at_level(logging.WARNING):
        assert [allowance.takes() for _ in range(6)] == [True] * 3 + [False] * 3
        now_s = MINUTE_S - 1
        assert not allowance.takes()
        assert len(caplog.messages) == 1
        now_s = MINUTE_S
        assert [allowance.takes() for _ in range(4)] == [True] * 3 + [False]
    assert len(caplog.messages) == 2
