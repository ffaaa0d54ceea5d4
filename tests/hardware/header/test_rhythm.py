"""Lit and dark in turn."""

from hardware.header.rhythm import Step, blink


def test_a_blink_begins_lit_and_takes_turns() -> None:
    assert blink(0.1, 0.2, 0.3) == (Step(lit=True, seconds=0.1), Step(lit=False, seconds=0.2), Step(True, 0.3))
