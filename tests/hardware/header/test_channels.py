"""Several pins of one device on the real factory's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.errors import HardwareError
from hardware.fake_board import Board
from hardware.header.channels import Channels
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory

PINS = (5, 6, 13)


def channels(pins: PinFactory, *, active_high: bool = True, safe: float = 0.0) -> Channels:
    return Channels("lamp", PINS, pins, active_high=active_high, safe=safe)


@pytest.mark.parametrize("active_high", [True, False])
@pytest.mark.parametrize("safe", [0.0, 1.0])
def test_each_is_claimed_and_left_safe_without_a_moment_of_another(active_high: bool, safe: float) -> None:
    board, level = Board(), int(bool(safe) == active_high)
    with process(board) as pins:
        three = channels(pins, active_high=active_high, safe=safe)
        assert three.read() == (safe, safe, safe)
        three.write((0.25, 1.0, 0.0))
        assert three.read() == (0.25, 1.0, 0.0)
        three.close()
    for pin in PINS:
        assert board.pads[pin].seen[:2] == ["in", level]
        assert board.pads[pin].seen[-1] == level


def test_what_goes_off_does_so_before_anything_goes_on() -> None:
    board = Board()
    with process(board) as pins:
        three = channels(pins)
        three.write((1.0, 0.0, 0.0))
        del board.calls[:]
        three.write((0.0, 0.5, 1.0))
    assert [(name, *rest) for name, *rest in board.calls][:3] == [
        ("gpio_write", 5, 0),
        ("tx_pwm", 6, 100, 50.0),
        ("gpio_write", 13, 1),
    ]


def test_one_that_cannot_be_claimed_leaves_those_before_it_safe() -> None:
    board = Board(broken={13})
    with process(board) as pins:
        with pytest.raises(HardwareError, match="pin 13 for 'lamp'"):
            channels(pins)
        assert [board.pads[pin].seen for pin in PINS] == [["in", 0], ["in", 0], ["in"]]
        Channels("other", PINS[:2], pins, active_high=True).close()


def test_one_that_fails_is_named_and_the_others_are_made_safe(caplog: pytest.LogCaptureFixture) -> None:
    board = Board()
    with process(board) as pins:
        three = channels(pins)
        three.write((1.0, 1.0, 1.0))
        board.broken.add(6)
        with pytest.raises(HardwareError, match="pin 6 of 'lamp'"):
            three.write((0.0, 0.0, 0.0))
        three.make_safe()
        assert (board.pads[5].seen[-1], board.pads[13].seen[-1]) == (0, 0)
        board.broken.clear()
    assert "pin 6 of 'lamp' could not be made safe" in caplog.text
