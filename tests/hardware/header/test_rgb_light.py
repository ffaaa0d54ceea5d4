"""A light of three colours on the real factory's calls."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.base import Moded, OutputState
from hardware.errors import HardwareError
from hardware.fake_board import Board
from hardware.header.rgb_light import GpioRgb, RgbSpec
from tests.hardware.header.lines import process

PINS = (5, 6, 13)


def light(pins: Any, **options: Any) -> GpioRgb:
    return GpioRgb(RgbSpec("lamp", PINS, **options), pins)


@pytest.mark.parametrize("active_high", [True, False])
def test_a_colour_at_a_level_is_three_duties_and_is_read_back(active_high: bool) -> None:
    board = Board()
    with process(board) as pins:
        lamp = light(pins, active_high=active_high)
        assert isinstance(lamp, Moded)
        lamp.choose("pink", 0.5)
        assert lamp.read() == OutputState(on=True, level=0.5, mode="pink")
        duties = [50.0, 15.0, 25.0] if active_high else [50.0, 85.0, 75.0]
        assert [board.pads[pin].seen[-1] for pin in PINS] == [("wave", pytest.approx(duty)) for duty in duties]
        lamp.set_level(1.0)
        assert lamp.read().mode == "pink"
        lamp.switch(False)
        assert lamp.read() == OutputState(on=False, level=0.0, mode="")
        lamp.switch(True)
        assert lamp.read().mode == "pink"
        lamp.close()
    assert [board.pads[pin].seen[-1] for pin in PINS] == [int(not active_high)] * 3


def test_it_is_white_before_anybody_chose_and_safe_on_it_is_white_too() -> None:
    board = Board()
    with process(board) as pins:
        lamp = light(pins, safe_on=True)
        assert lamp.read() == OutputState(on=True, level=1.0, mode="white")
        lamp.choose("red", 1.0)
        lamp.make_safe()
        assert lamp.read().mode == "white"


def test_a_level_out_of_bounds_moves_nothing() -> None:
    board = Board()
    with process(board) as pins:
        lamp = light(pins, min_level=0.2, max_level=0.6)
        for level in (0.1, 0.7):
            with pytest.raises(HardwareError, match="out of bounds for 'lamp'"):
                lamp.choose("red", level)
        lamp.switch(True)
        assert lamp.read().level == 0.6
    assert board.pads[5].seen == ["in", 0, ("wave", 60.0)]


def test_killed_while_it_shines_the_next_process_makes_it_safe() -> None:
    board = Board()
    with process(board, killed=True) as pins:
        light(pins).choose("purple", 0.4)
    assert board.pads[13].seen[-1] != 0
    with process(board) as pins:
        light(pins).close()
    assert [board.pads[pin].seen[-1] for pin in PINS] == [0, 0, 0]
