"""A button on a pin: each press and release once, also when the kernel misses an edge."""

import asyncio
import threading
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.header.push_button import LEVEL_CHECK_S, GpioButton
from tests.hardware.manual_clock import ManualTimers


class Presses:
    """A button on mock pin 17 with its callbacks written down, and a clock that a test sets."""

    def __init__(self, pins: MockFactory, **options: Any) -> None:
        self.pin = pins.pin(17)
        self.now = 100.0
        self.timers = ManualTimers()
        self.happened: list[str | float] = []
        self.button = GpioButton(17, pins, clock=lambda: self.now, later=self.timers, **options)
        self.button.on_pressed = lambda: self.happened.append("pressed")
        self.button.on_released = self.happened.append


async def told() -> None:
    """Let `call_soon_threadsafe` arrive."""
    await asyncio.sleep(0)


async def test_press_and_release_with_the_time_between(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        await told()
        assert presses.happened == ["pressed"]
        presses.now += 0.250
        presses.pin.drive_high()
        await told()
    assert presses.happened == ["pressed", pytest.approx(250)]


async def test_a_button_to_3v3_is_pressed_when_high(pins):
    presses = Presses(pins, pull="down")
    async with presses.button:
        presses.pin.drive_high()
        await told()
    assert presses.happened == ["pressed"]


async def test_edges_come_in_another_thread_and_callbacks_in_the_loops(pins):
    presses, threads = Presses(pins), []
    presses.button.on_pressed = lambda: threads.append(threading.current_thread())
    async with presses.button:
        await asyncio.to_thread(presses.pin.drive_low)
        await told()
    assert threads == [threading.main_thread()]


async def test_the_time_held_is_measured_at_the_edges_not_when_the_loop_gets_to_them(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        presses.now += 0.040
        presses.pin.drive_high()
        presses.now += 2  # the loop is late
        await told()
    assert presses.happened == ["pressed", pytest.approx(40)]


async def test_bounce_is_left_to_the_pins_driver(pins):
    presses = Presses(pins, bounce_ms=25)
    async with presses.button:
        assert presses.pin.bounce == 0.025


async def test_a_missed_edge_is_made_up_for_within_two_level_checks(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        presses.pin.drive_low()
        presses.timers.advance(LEVEL_CHECK_S)
        assert presses.happened == [], "an edge may be on its way"
        presses.timers.advance(LEVEL_CHECK_S)
        assert presses.happened == ["pressed"]
        presses.now += 0.5
        presses.pin.drive_high()
        presses.timers.advance(2 * LEVEL_CHECK_S)
    assert presses.happened == ["pressed", pytest.approx(500)]


async def test_an_edge_that_comes_after_the_level_check_does_not_count_twice(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        presses.pin.drive_low()
        presses.timers.advance(2 * LEVEL_CHECK_S)
        presses.pin._call_when_changed()
        await told()
    assert presses.happened == ["pressed"]


async def test_the_level_check_does_not_repeat_what_the_edge_told(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        await told()
        presses.timers.advance(20 * LEVEL_CHECK_S)
    assert presses.happened == ["pressed"]


async def test_a_level_that_differs_only_now_and_then_is_bounce(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        for _ in range(5):
            presses.pin.drive_low()
            presses.timers.advance(LEVEL_CHECK_S)
            presses.pin.drive_high()
            presses.timers.advance(LEVEL_CHECK_S)
    assert presses.happened == []


async def test_a_button_that_hangs_at_the_start_counts_from_its_next_press(pins):
    presses = Presses(pins, pull="down")
    presses.pin.pull = "up"
    pins.pin(17)._set_pull = lambda _value: None  # something holds it high against the pull
    presses.pin.drive_high()
    async with presses.button:
        presses.timers.advance(5 * LEVEL_CHECK_S)
        presses.pin.drive_low()
        await told()
        assert presses.happened == []
        presses.pin.drive_high()
        await told()
        assert presses.happened == ["pressed"]


async def test_a_closed_button_is_silent_and_leaves_nothing_behind(pins):
    presses = Presses(pins)
    threads = threading.active_count()
    async with presses.button:
        pass
    presses.pin.drive_low()
    await told()
    assert presses.happened == []
    assert presses.timers.pending == []
    assert threading.active_count() == threads
