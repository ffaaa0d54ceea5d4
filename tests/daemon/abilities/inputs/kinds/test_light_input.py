"""A photoresistor on a pin."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.kinds.light_input import LIGHT
from hardware.fake_board import Board
from tests.daemon.abilities.inputs.entrance import table
from tests.hardware.header.lines import process


def test_it_has_its_pin_and_is_told_how_to_let_go_of_it() -> None:
    board, closing = Board(), []
    with process(board) as pins:
        meter = LIGHT.made(table(kind="light", pin=9), Source(Path("/"), pins, closing.append))
        assert (meter.name, board.pads[9].user) == ("door", "lg")
        [close] = closing
        close()
        assert board.pads[9].user == ""


def test_without_pins_there_is_none() -> None:
    with pytest.raises(ValueError, match="seen to its pin"):
        LIGHT.made(table(kind="light", pin=9), Source(Path("/")))
