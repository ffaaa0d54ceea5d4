"""A servo on the real factory's calls: one claim, pulses of the right width, and none once it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hardware.errors import HardwareError
from hardware.fake_board import Board
from hardware.header.angles import LEAST
from hardware.header.servo_motor import FRAME_HZ, GpioServo, ServoSpec
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from collections.abc import Callable

PIN = 18


class Later:
    """Waits until a test says that the time has come."""

    def __init__(self) -> None:
        self.due: list[Callable[[], object]] = []

    def __call__(self, seconds: float, callback: Callable[[], object]) -> Any:
        assert seconds > 0
        self.due.append(callback)
        return self

    def cancel(self) -> None:
        self.due.clear()


def servo(pins: Any, later: Later, **options: Any) -> GpioServo:
    return GpioServo(ServoSpec("blind", PIN, **options), pins, later=later)


def test_it_rests_from_the_first_moment_and_again_after_each_move() -> None:
    board, later = Board(), Later()
    with process(board) as pins:
        blind = servo(pins, later)
        assert not blind.read().on
        blind.set_level(1.0)
        assert (blind.read().on, blind.read().level) == (True, 1.0)
        [rest] = later.due
        rest()
        assert (blind.read().on, blind.read().level) == (False, 1.0)
        blind.close()
    assert board.pads[PIN].seen == ["in", 0, ("wave", 10.0), 0]


@pytest.mark.parametrize(
    ("level", "options", "share"),
    [
        (LEAST, {}, 5.0),
        (1.0, {}, 10.0),
        (LEAST, {"min_angle": 0.0}, 7.5),
        (1.0, {"max_angle": 45.0}, 8.75),
        (1.0, {"active_high": False}, 90.0),
    ],
)
def test_pulses_are_as_wide_as_the_angle_wants(level: float, options: dict[str, Any], share: float) -> None:
    """A millisecond to two in a frame of twenty."""
    board, later = Board(), Later()
    with process(board) as pins:
        servo(pins, later, **options).set_level(level)
    assert ("tx_pwm", FRAME_HZ, pytest.approx(share)) in board.called(PIN)


def test_a_new_move_puts_the_rest_off() -> None:
    board, later = Board(), Later()
    with process(board) as pins:
        blind = servo(pins, later)
        blind.set_level(0.5)
        blind.set_level(0.7)
        assert len(later.due) == 1
        blind.switch(False)
        assert (later.due, blind.read().on) == ([], False)
        blind.switch(True)
        assert (blind.read().on, blind.read().level) == (True, 0.7)


@pytest.mark.parametrize("level", [-0.1, LEAST / 2, 1.01, float("nan")])
def test_what_is_beyond_its_bounds_moves_nothing(level: float) -> None:
    board, later = Board(), Later()
    with process(board) as pins:
        blind = servo(pins, later)
        with pytest.raises(HardwareError, match="out of bounds for 'blind'"):
            blind.set_level(level)
    assert board.pads[PIN].seen == ["in", 0]


@pytest.mark.parametrize("active_high", [True, False])
def test_stopped_or_killed_in_a_move_and_made_safe_it_ends_without_pulses(active_high: bool) -> None:
    resting = 0 if active_high else 1
    board = Board()
    with process(board, killed=True) as pins:
        servo(pins, Later(), active_high=active_high).set_level(1.0)
    with process(board) as pins:
        servo(pins, Later(), active_high=active_high).close()
    assert board.pads[PIN].seen[-1] == resting
    with process(board) as pins:
        blind = servo(pins, Later(), active_high=active_high)
        blind.set_level(1.0)
        blind.close()
    assert board.pads[PIN].seen[-1] == resting
