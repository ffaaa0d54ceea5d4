"""So many sessions of a device and of all, and who gives way to whom."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from daemon.home_server.goodbye import Ended
from daemon.home_server.places import Places
from daemon.home_server.settings import HomeServerSettings


@dataclass(eq=False)
class Line:
    alive: bool = True
    asked: int = 0
    is_cut: bool = False

    async def is_alive(self) -> bool:
        self.asked += 1
        await asyncio.sleep(0)
        return self.alive

    def cut(self) -> None:
        self.is_cut = True


def places(**limits: int) -> Places:
    return Places(HomeServerSettings(**limits))


async def test_they_are_given_back_however_it_ended() -> None:
    house = places(sessions=2, device_sessions=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with house.taken("hall", Line()):
                raise ZeroDivisionError
    assert house.count == 0


async def test_none_is_left_for_a_device_that_has_its_own_nor_when_all_are_taken() -> None:
    house = places(sessions=2, device_sessions=1)
    async with house.taken("hall", Line()), house.taken("attic", Line()):
        for name in ("hall", "kitchen"):
            with pytest.raises(Ended) as ended:
                await AsyncExitStack().enter_async_context(house.taken(name, Line()))
            assert (ended.value.code, "Maximum concurrent sessions" in ended.value.reason) == (1011, True)
    async with house.taken("kitchen", Line()):
        assert house.count == 1


async def test_a_session_that_nobody_answers_on_gives_its_place_to_the_next_of_its_device() -> None:
    house, gone, there = places(device_sessions=2), Line(alive=False), Line()
    async with house.taken("hall", gone), house.taken("hall", there), house.taken("hall", Line()):
        assert (gone.is_cut, there.is_cut, house.count) == (True, False, 2)
        with pytest.raises(Ended):
            await AsyncExitStack().enter_async_context(house.taken("hall", Line()))
    assert house.count == 0


async def test_nobody_is_asked_while_there_are_places_nor_because_of_another_device() -> None:
    house, gone = places(sessions=2, device_sessions=2), Line(alive=False)
    async with house.taken("hall", gone), house.taken("attic", Line()):
        with pytest.raises(Ended):
            await AsyncExitStack().enter_async_context(house.taken("kitchen", Line()))
    assert (gone.asked, gone.is_cut) == (0, False)


async def test_of_two_that_come_at_once_one_gets_the_place() -> None:
    house, found, told = places(device_sessions=1), list[bool](), asyncio.Event()

    def tell(got: bool) -> None:
        found.append(got)
        if len(found) == 2:
            told.set()

    async def come() -> None:
        try:
            async with house.taken("hall", Line()):
                tell(True)
                await told.wait()
        except Ended:
            tell(False)

    async with house.taken("hall", Line(alive=False)), asyncio.TaskGroup() as group:
        group.create_task(come())
        group.create_task(come())
    assert sorted(found) == [False, True]
