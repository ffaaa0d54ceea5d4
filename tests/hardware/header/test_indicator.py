"""A light on a pin, by the rhythm of its pattern."""

import threading

import pytest

from daemon.lights.looks import RHYTHMS
from hardware.base import Dimmable
from hardware.fake_board import Board
from hardware.header.indicator import DIMMED, GpioIndicator
from tests.hardware.header.lines import process
from tests.hardware.manual_clock import ManualTimers


async def test_the_light_keeps_the_rhythm_of_its_pattern(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, RHYTHMS, later=timers) as light:
        assert pin.state == 0
        light.show("thinking")
        lit = []
        for _ in range(6):
            lit.append(pin.state)
            timers.advance(0.25)
        assert lit == [1, 1, 0, 0, 1, 1]


async def test_a_steady_pattern_asks_for_no_timer(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, RHYTHMS, later=timers) as light:
        light.show("failed")
        light.show("listening")
        assert pin.state == 1
        assert timers.pending == []


async def test_an_unknown_pattern_is_dark(pins):
    pin = pins.pin(22)
    async with GpioIndicator(22, pins, RHYTHMS) as light:
        light.show("listening")
        light.show("disco")
        assert pin.state == 0


async def test_a_light_to_3v3_is_lit_when_low(pins):
    pin = pins.pin(22)
    async with GpioIndicator(22, pins, RHYTHMS, active_high=False) as light:
        assert pin.state == 1
        light.show("listening")
        assert pin.state == 0
        light.show("idle")
        assert pin.state == 1


async def test_a_closed_light_is_dark_and_its_timer_gone(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, RHYTHMS, later=timers) as light:
        light.show("speaking")
        threads = threading.active_count()
    assert pin.state == 0
    assert timers.pending == []
    assert threading.active_count() == threads


@pytest.mark.parametrize(
    ("active_high", "lit", "dimmed", "dark"),
    [(True, 1, ("wave", 100 * DIMMED), 0), (False, 0, ("wave", 100 - 100 * DIMMED), 1)],
)
async def test_a_dimmed_light_is_a_wave_while_it_is_lit_and_steady_otherwise(active_high, lit, dimmed, dark):
    board, timers = Board(), ManualTimers()
    with process(board) as factory:
        async with GpioIndicator(22, factory, RHYTHMS, active_high=active_high, later=timers) as light:
            assert isinstance(light, Dimmable)
            light.show("listening")
            light.dim(True)
            light.show("thinking")
            timers.advance(0.5)
            light.dim(False)
            light.show("listening")
    assert board.pads[22].seen == ["in", dark, lit, dimmed, dark, lit, dark]
