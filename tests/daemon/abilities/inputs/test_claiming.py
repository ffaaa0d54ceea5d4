"""From the table of an input to its line: the level that is usual for its kind, or the one that is named."""

from __future__ import annotations

import pytest

from daemon.abilities.inputs.claiming import claimed_switch, knob_of
from hardware.errors import PinRefused
from hardware.fake_board import Board
from tests.daemon.abilities.inputs.entrance import table
from tests.hardware.header.lines import process


@pytest.mark.parametrize(
    ("kind", "active", "pull"),
    [
        ("button", "usual", "up"),
        ("contact", "usual", "up"),
        ("motion", "usual", "down"),
        ("button", "high", "down"),
        ("motion", "low", "up"),
    ],
)
async def test_its_pull_is_to_the_other_side(kind: str, active: str, pull: str) -> None:
    board = Board()
    with process(board) as factory:
        switch = claimed_switch(table(kind=kind, active=active), factory)
        assert (board.pads[17].pull, switch.name, switch.read()) == (pull, "door", False)
        switch.close()


async def test_a_knob_has_both_its_pins_while_it_is_open_and_its_name_in_what_is_wrong() -> None:
    board = Board()
    with process(board) as factory:
        async with knob_of(table(kind="encoder", b_pin=27), factory):
            assert [board.pads[pin].pull for pin in (17, 27)] == ["up", "up"]
            with pytest.raises(PinRefused, match="pin 17 or 5 for 'door' is already in use"):
                async with knob_of(table(kind="encoder", b_pin=5), factory):
                    pass
        assert [board.pads[pin].user for pin in (17, 27)] == ["", ""]
