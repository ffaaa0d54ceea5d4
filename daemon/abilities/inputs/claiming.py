"""From the table of an input to the thing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.inputs.kinds.input_kinds import switch_kind

if TYPE_CHECKING:
    from daemon.abilities.inputs.settings import InputSettings
    from hardware.base import Knob, Switch
    from hardware.header.factory import PinFactory


def claimed_switch(table: InputSettings, factory: PinFactory) -> Switch:
    """The input on its pin; close it. Raises HardwareError."""
    from hardware.header.switch_input import GpioSwitch, SwitchSpec

    if table.pin is None:
        raise ValueError("the settings have seen to its pin")
    active = switch_kind(table.kind).active if table.active == "usual" else table.active
    return GpioSwitch(SwitchSpec(table.name, table.pin, active == "high", table.bounce_ms), factory)


def knob_of(table: InputSettings, factory: PinFactory) -> Knob:
    """What turns, on its two pins, which it claims when it is opened."""
    from hardware.header.rotary_encoder import GpioKnob

    if table.pin is None or table.b_pin is None:
        raise ValueError("the settings have seen to its pins")
    return GpioKnob(table.pin, table.b_pin, factory, name=repr(table.name))
