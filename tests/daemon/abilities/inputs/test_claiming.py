"""From the table of an input to its line: the level that is usual for its kind, or the one that is named."""

from __future__ import annotations

import pytest

from daemon.abilities.inputs.claiming import claimed_switch
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
