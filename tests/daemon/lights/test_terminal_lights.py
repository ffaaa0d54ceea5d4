"""Lights drawn in a terminal."""

import io

import pytest

from daemon.lights.looks import LOOKS
from daemon.lights.terminal_lights import Drawn, draw, line_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Time:
    now_s = 0.0

    def clock(self) -> float:
        return self.now_s

    def pause(self, seconds: float) -> None:
        self.now_s += seconds


def test_every_state_has_its_line_where_nothing_can_move() -> None:
    output = io.StringIO()
    draw(Drawn(count=3), 3.0, output)
    lines = output.getvalue().splitlines()
    assert [line.split("m ")[-1].split(":")[0] for line in lines] == list(LOOKS)
    assert all(line.count("\x1b[48;2;") == 3 for line in lines)


def test_one_state_moves_for_its_time() -> None:
    output, time = Terminal(), Time()
    draw(Drawn(states=("thinking",), count=12), 1.2, output, clock=time.clock, pause=time.pause)
    frames = output.getvalue().split("\r")[1:]
    assert len(frames) == 25
    assert len(set(frames)) >= 12
    assert all("thinking: asks the model" in frame for frame in frames)


def test_colours_are_those_of_the_film_as_a_screen_shows_them() -> None:
    assert line_of(Drawn(count=1), "listening", 0).startswith("\x1b[48;2;24;24;255m  ")
    assert line_of(Drawn(count=1), "speaking", 0).startswith("\x1b[48;2;24;59;24m  "), "0.15 as bright to an eye"
    assert line_of(Drawn(count=1, palette="white"), "listening", 0).startswith("\x1b[48;2;255;255;255m  ")


@pytest.mark.parametrize("seconds", [0, 0.3, 0.7])
def test_it_swells_as_if_somebody_spoke(seconds: float) -> None:
    assert line_of(Drawn(), "hearing", 0.05) != line_of(Drawn(), "hearing", seconds + 0.2)
