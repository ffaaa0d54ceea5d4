"""From the table of an input to the thing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.inputs.kinds.input_kinds import switch_kind

if TYPE_CHECKING:
    from daemon.abilities.inputs.settings import InputSettings
    from hardware.base import Switch
    from hardware.header.factory import PinFactory


def claimed_switch(table: InputSettings, factory: PinFactory) -> Switch:
    """The input on its pin; close it. Raises HardwareError."""
    from hardware.header.switch_input import GpioSwitch, SwitchSpec

    if table.pin is None:
        raise ValueError("the settings have seen to its pin")
    active = switch_kind(table.kind).active if table.active == "usual" else table.active
    return GpioSwitch(SwitchSpec(table.name, table.pin, active == "high", table.bounce_ms), factory)
