"""A contact on a pin: each change once however it bounces, over gpiozero's real factory with lgpio's stand-in."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from hardware.errors import HardwareError, PinRefused
from hardware.fake_board import Board
from hardware.header.switch_input import GLITCH_S, LOOK_S, GpioSwitch, SwitchSpec
from tests.hardware.header.lines import process
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory

PIN = 17
BOUNCE_S = 0.03


async def told() -> None:
    """Let `call_soon_threadsafe` arrive."""
    await asyncio.sleep(0)


class Door:
    """A contact to ground with its changes written down."""

    def __init__(self, factory: PinFactory, *, active_high: bool = False) -> None:
        self.timers = ManualTimers()
        self.changes: list[bool] = []
        self.switch = GpioSwitch(SwitchSpec("door", PIN, active_high), factory, later=self.timers)


async def test_it_is_told_at_the_first_edge_and_once_however_it_bounces() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.drive(PIN, 0)
        await told()
        assert door.changes == [True], "nothing is waited for"
        for level in (1, 0, 1, 0):
            board.drive(PIN, level)
            await told()
        door.timers.advance(BOUNCE_S)
        assert door.changes == [True]
        board.drive(PIN, None)
        await told()
        assert door.changes == [True, False]
        door.switch.close()


async def test_bounce_that_ends_the_other_way_is_told_when_it_is_over() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.drive(PIN, 0)
        await told()
        board.drive(PIN, 1)
        await told()
        assert door.changes == [True]
        door.timers.advance(BOUNCE_S)
        assert door.changes == [True, False]
        door.switch.close()


async def test_a_spike_that_is_over_when_it_is_looked_at_is_nothing() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.drive(PIN, 0)
        board.drive(PIN, 1)
        await told()
        door.timers.advance(GLITCH_S)
        assert door.changes == []
        door.switch.close()


async def test_however_many_edges_there_are_the_loop_hears_of_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    board, calls = Board(), list[Any]()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        monkeypatch.setattr(asyncio.get_running_loop(), "call_soon_threadsafe", lambda *what: calls.append(what))
        for level in [0, 1] * 500:
            board.drive(PIN, level)
        assert len(calls) == 1
        door.switch.close()


@pytest.mark.parametrize(("active_high", "pull", "level"), [(False, "up", 0), (True, "down", 1)])
async def test_its_line_is_an_input_with_a_pull_to_the_other_side(active_high: bool, pull: str, level: int) -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory, active_high=active_high)
        assert (board.pads[PIN].pull, board.pads[PIN].seen, door.switch.read()) == (pull, ["in"], False)
        board.drive(PIN, level)
        assert door.switch.read()
        door.switch.close()
        assert board.pads[PIN].user == ""


async def test_how_it_is_at_first_is_no_change() -> None:
    board = Board()
    with process(board) as factory:
        board.drive(PIN, 0)
        door = Door(factory)
        door.switch.watch(door.changes.append)
        door.timers.advance(3 * LOOK_S)
        assert door.changes == []
        board.drive(PIN, 1)
        await told()
        assert door.changes == [False]
        door.switch.close()


async def test_an_edge_that_was_lost_is_made_up_for() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.listeners.clear()
        board.drive(PIN, 0)
        await told()
        assert door.changes == []
        door.timers.advance(LOOK_S)
        assert door.changes == [True]
        door.switch.close()


async def test_a_pin_that_cannot_be_read_is_told_once_and_looked_at_again(caplog: pytest.LogCaptureFixture) -> None:
    board = Board()
    with process(board) as factory, caplog.at_level(logging.ERROR):
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.broken.add(PIN)
        door.timers.advance(5 * LOOK_S)
        assert len(caplog.messages) == 1
        with pytest.raises(HardwareError, match="pin 17 for 'door'"):
            door.switch.read()
        board.broken.clear()
        board.listeners.clear()
        board.drive(PIN, 0)
        door.timers.advance(LOOK_S)
        assert door.changes == [True]
        door.switch.close()


async def test_edges_come_in_another_thread_and_changes_in_the_loops() -> None:
    board, threads = Board(), list[threading.Thread]()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(lambda _: threads.append(threading.current_thread()))
        await asyncio.to_thread(board.drive, PIN, 0)
        await told()
        door.switch.close()
    assert threads == [threading.main_thread()]


async def test_a_closed_one_is_silent_and_leaves_nothing_behind() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        door.switch.watch(door.changes.append)
        board.drive(PIN, 0)
        door.switch.close()
        await told()
        door.timers.advance(2 * LOOK_S)
        assert (door.changes, door.timers.pending) == ([], [])


async def test_a_pin_that_is_taken_is_refused() -> None:
    board = Board()
    with process(board) as factory:
        door = Door(factory)
        with pytest.raises(PinRefused, match="already in use"):
            Door(factory)
        door.switch.close()
