"""The stand-in refuses and keeps what lgpio 0.2.2.0 does, so that what passes over it would pass on a Pi."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from hardware.fake_board import Board
from hardware.fake_lgpio import FakeLgpio, LgpioError, in_place_of_lgpio

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def lgpio(board: Board) -> FakeLgpio:
    module = FakeLgpio(board)
    assert module.gpiochip_open(0) == 0
    return module


def test_a_claim_without_a_level_drives_low(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5)
    assert board.pads[5].seen == ["in", 0]


def test_a_line_that_is_an_output_takes_no_level_with_a_claim(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.gpio_claim_output(0, 5, 0)
    assert board.pads[5].seen == ["in", 1]


def test_an_input_that_is_claimed_again_keeps_its_pull(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_input(0, 5, lgpio.SET_PULL_UP)
    lgpio.gpio_claim_input(0, 5, lgpio.SET_PULL_NONE)
    assert board.pads[5].pull == "up"
    assert lgpio.gpio_read(0, 5) == 1


def test_an_input_follows_what_is_outside_or_its_pull(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_input(0, 5, lgpio.SET_PULL_DOWN)
    assert lgpio.gpio_read(0, 5) == 0
    board.drive(5, 1)
    assert lgpio.gpio_read(0, 5) == 1


def test_a_wave_goes_on_over_what_is_written_and_ends_anywhere(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.tx_pwm(0, 5, 100, 25.0)
    lgpio.gpio_write(0, 5, 1)
    assert board.pads[5].seen == ["in", 1, ("wave", 25.0)]
    assert lgpio.tx_busy(0, 5, lgpio.TX_PWM)
    lgpio.tx_pwm(0, 5, 0, 0)
    assert board.pads[5].level is None
    lgpio.gpio_write(0, 5, 1)
    assert (board.pads[5].seen[-1], board.pads[5].level) == (1, 1)
    assert not lgpio.tx_busy(0, 5, lgpio.TX_PWM)


def test_a_wave_on_a_line_that_is_no_output_pulls_it_low_first(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.tx_pwm(0, 5, 100, 25.0)
    assert board.pads[5].seen == ["in", 0, ("wave", 25.0)]


def test_a_level_outlives_the_process_where_the_kernel_keeps_it(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.die()
    lgpio.gpio_write(0, 5, 0)
    assert board.pads[5].seen == ["in", 1], "the dead write nothing"
    assert board.pads[5].user == ""


def test_a_kernel_that_does_not_keep_it_makes_it_an_input(board: Board, lgpio: FakeLgpio) -> None:
    board.keeps_outputs = False
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.gpiochip_close(0)
    assert board.pads[5].seen == ["in", 1, "in"]


def test_two_processes_cannot_have_one_line(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    other = FakeLgpio(board)
    other.gpiochip_open(0)
    with pytest.raises(LgpioError, match="GPIO busy"):
        other.gpio_claim_output(0, 5, 0)
    lgpio.gpio_free(0, 5)
    other.gpio_claim_output(0, 5, 1)
    assert board.pads[5].seen == ["in", 1]


def test_mode_and_line_information(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.gpio_claim_input(0, 6, lgpio.SET_PULL_UP)
    assert lgpio.gpio_get_mode(0, 5) & 2
    assert not lgpio.gpio_get_mode(0, 6) & 2
    assert lgpio.gpio_get_mode(0, 6) & 32
    assert lgpio.gpio_get_line_info(0, 5)[3:] == ["GPIO5", "lg"]
    assert lgpio.gpio_get_chip_info(0)[1:] == [54, "gpiochip0", board.label]


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (lambda lgpio: lgpio.gpio_free(0, 5), "GPIO not allocated"),
        (lambda lgpio: lgpio.gpio_write(0, 54, 1), "bad GPIO number"),
        (lambda lgpio: lgpio.gpio_write(1, 5, 1), "unknown handle"),
        (lambda lgpio: lgpio.tx_pwm(0, 5, 0, 0), "bad PWM micros"),
        (lambda lgpio: lgpio.tx_pwm(0, 5, 10_001, 50), "bad PWM frequency"),
        (lambda lgpio: lgpio.tx_pwm(0, 5, 100, 100.1), "bad PWM duty cycle"),
    ],
)
def test_misuse_is_refused(lgpio: FakeLgpio, misuse: Callable[[FakeLgpio], object], message: str) -> None:
    with pytest.raises(LgpioError, match=message):
        misuse(lgpio)


def test_every_call_is_written_down_in_order(board: Board, lgpio: FakeLgpio) -> None:
    lgpio.gpio_claim_output(0, 5, 1)
    lgpio.gpio_write(0, 5, 0)
    lgpio.gpiochip_close(0)
    assert board.calls == [
        ("gpiochip_open",),
        ("gpio_claim_output", 5, 1),
        ("gpio_write", 5, 0),
        ("gpiochip_close",),
    ]
    assert board.called(5) == [("gpio_claim_output", 1), ("gpio_write", 0)]


def test_it_stands_in_place_of_the_module_and_leaves_no_trace(board: Board) -> None:
    before = sys.modules.get("lgpio")
    with in_place_of_lgpio(board) as module:
        assert sys.modules["lgpio"] is module
    assert sys.modules.get("lgpio") is before
    assert "gpiozero.pins.lgpio" not in sys.modules or before
