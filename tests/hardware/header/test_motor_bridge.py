"""A motor on the real factory's calls: one way or the other, never both at once, and stopped at the end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.base import OutputState
from hardware.errors import HardwareError
from hardware.fake_board import Board
from hardware.header.motor_bridge import GpioMotor, MotorSpec
from tests.hardware.header.lines import process

FORWARD, BACKWARD = 5, 6


def motor(pins: Any, **options: Any) -> GpioMotor:
    return GpioMotor(MotorSpec("curtain", FORWARD, BACKWARD, **options), pins)


def levels(board: Board) -> list[Any]:
    return [board.pads[pin].seen[-1] for pin in (FORWARD, BACKWARD)]


@pytest.mark.parametrize("active_high", [True, False])
def test_forward_backward_and_stopped(active_high: bool) -> None:
    board, rest, run = Board(), int(not active_high), int(active_high)
    with process(board) as pins:
        curtain = motor(pins, active_high=active_high)
        assert curtain.read() == OutputState(on=False, level=0.0, mode="")
        curtain.choose("forward", 1.0)
        assert levels(board) == [run, rest]
        curtain.choose("backward", 0.5)
        assert levels(board) == [rest, ("wave", 50.0)]
        assert curtain.read() == OutputState(on=True, level=0.5, mode="backward")
        curtain.switch(False)
        assert levels(board) == [rest, rest]
        curtain.switch(True)
        assert curtain.read() == OutputState(on=True, level=1.0, mode="backward")
        curtain.close()
    assert levels(board) == [rest, rest]


MOVES = st.lists(st.tuples(st.sampled_from(("forward", "backward")), st.sampled_from((0.0, 0.3, 1.0))), max_size=8)


@given(MOVES)
def test_the_two_ways_are_never_on_at_the_same_time(moves: list[tuple[str, float]]) -> None:
    board = Board()
    with process(board) as pins:
        curtain = motor(pins)
        for way, speed in moves:
            curtain.choose(way, speed)
        curtain.close()
    on: dict[int, bool] = {FORWARD: False, BACKWARD: False}
    for name, line, *rest in (call for call in board.calls if len(call) > 1):
        if name == "gpio_write" and line in on:
            on[line] = bool(rest[0])
        elif name == "tx_pwm" and line in on and rest[0]:
            on[line] = True
        assert not all(on.values()), board.calls


def test_a_speed_out_of_bounds_moves_nothing() -> None:
    board = Board()
    with process(board) as pins, pytest.raises(HardwareError, match="out of bounds for 'curtain'"):
        motor(pins, max_level=0.8).choose("forward", 0.9)
    assert [board.pads[pin].seen for pin in (FORWARD, BACKWARD)] == [["in", 0], ["in", 0]]


def test_killed_while_it_runs_the_next_process_stops_it() -> None:
    board = Board()
    with process(board, killed=True) as pins:
        motor(pins).choose("backward", 1.0)
    assert levels(board) == [0, 1]
    with process(board) as pins:
        motor(pins).close()
    assert levels(board) == [0, 0]
