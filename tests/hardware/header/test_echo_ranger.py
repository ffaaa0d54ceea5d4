"""A distance by the length of a pulse, over gpiozero's real factory with lgpio's stand-in."""

from __future__ import annotations

import pytest

from hardware.errors import HardwareError, PinRefused
from hardware.fake_board import Board
from hardware.header.echo_ranger import CM_A_SECOND, PULSE_S, EchoRanger
from tests.hardware.header.lines import process

TRIGGER, ECHO = 10, 11


class Wall:
    """Answers each pulse of the trigger after it with an echo of so many nanoseconds; 0 is none."""

    def __init__(self, *echoes_ns: int) -> None:
        self.board = Board()
        self.echoes = list(echoes_ns)
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if seconds == PULSE_S and self.board.pads[TRIGGER].level == 1 and (length := self.echoes.pop(0)):
            for level, ticks_ns in ((1, 1_000_000), (0, 1_000_000 + length)):
                self.board.ticks_ns = ticks_ns
                self.board.drive(ECHO, level)


@pytest.mark.parametrize("echoes", [(2_000_000,) * 3, (2_000_000, 9_000_000, 1_000), (0, 2_000_000, 0)])
def test_the_middle_of_three_echoes_is_there_and_back(echoes: tuple[int, ...]) -> None:
    wall = Wall(*echoes)
    with process(wall.board) as factory:
        ranger = EchoRanger("butt", TRIGGER, ECHO, factory, pause=wall.pause, deadline_s=0.0)
        [measured] = ranger.read()
        ranger.close()
    assert (measured.quantity, measured.unit) == ("distance", "cm")
    assert measured.value == pytest.approx(0.002 * CM_A_SECOND)


def test_without_an_echo_it_is_refused_and_silent_else() -> None:
    wall = Wall(0, 0, 0)
    with process(wall.board) as factory:
        ranger = EchoRanger("butt", TRIGGER, ECHO, factory, pause=wall.pause, deadline_s=0.0)
        assert wall.pauses == []
        with pytest.raises(HardwareError, match='"butt" hears no echo'):
            ranger.read()
        assert wall.board.pads[TRIGGER].seen == ["in", 0, 1, 0, 1, 0, 1, 0]
        ranger.close()
        assert (wall.board.pads[TRIGGER].level, wall.board.pads[ECHO].user) == (0, "")


def test_an_edge_without_its_other_is_no_echo() -> None:
    wall = Wall(0, 0, 0)
    with process(wall.board) as factory:
        wall.board.drive(ECHO, 1)
        ranger = EchoRanger("butt", TRIGGER, ECHO, factory, pause=wall.pause, deadline_s=0.0)
        wall.board.drive(ECHO, 0)
        with pytest.raises(HardwareError, match="hears no echo"):
            ranger.read()
        ranger.close()


def test_a_pin_that_is_taken_is_refused_and_the_other_is_let_go() -> None:
    wall = Wall()
    with process(wall.board) as factory:
        ranger = EchoRanger("butt", TRIGGER, ECHO, factory)
        with pytest.raises(PinRefused, match="already in use"):
            EchoRanger("other", 12, ECHO, factory)
        EchoRanger("third", 12, 13, factory).close()
        ranger.close()
