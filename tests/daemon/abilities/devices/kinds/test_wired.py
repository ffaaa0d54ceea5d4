"""How a kind is wired is told by each of them."""

import pytest

from daemon.abilities.devices.kinds.every_kind import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_says_where_its_ground_or_supply_is(kind: str) -> None:
    """A device with a pin alone does nothing, and nobody would know why."""
    wired = KINDS[kind].wired
    assert {end for end, _ in wired.wires} & {"GND", "5V", "3V3"}
    assert all((wired.what, wired.note, wired.tools))
