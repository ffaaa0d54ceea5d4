"""A switch that keeps the microphone closed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from daemon.appliance.mute_switch import follow
from daemon.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


class HandSwitch:
    """One that a test moves."""

    name = "the mute switch"

    def __init__(self, *, on: bool = False, broken: bool = False) -> None:
        self.on, self.broken = on, broken
        self.changed: Callable[[bool], None] = lambda _: None

    def read(self) -> bool:
        if self.broken:
            raise HardwareError("it cannot be read", fix="look at it")
        return self.on

    def watch(self, changed: Callable[[bool], None]) -> None:
        self.changed = changed

    def close(self) -> None:
        pass


async def followed(switch: HandSwitch, *moves: bool) -> list[bool]:
    held: list[bool] = []
    task = asyncio.create_task(follow(switch, held.append))
    await asyncio.sleep(0)
    for move in moves:
        switch.changed(move)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return held


async def test_where_it_stands_counts_from_the_beginning() -> None:
    assert await followed(HandSwitch(on=True), False) == [True, False]
    assert await followed(HandSwitch(), True, False) == [True, False]


async def test_that_it_is_off_at_first_opens_nothing() -> None:
    assert await followed(HandSwitch()) == []


async def test_one_that_cannot_be_read_is_told_and_followed(caplog: pytest.LogCaptureFixture) -> None:
    assert await followed(HandSwitch(broken=True), True) == [True]
    assert "it cannot be read" in caplog.text
