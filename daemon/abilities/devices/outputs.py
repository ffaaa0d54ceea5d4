"""From the table of a device to the thing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.devices.kinds.every_kind import KINDS

if TYPE_CHECKING:
    from daemon.abilities.devices.settings import DeviceSettings
    from hardware.base import Output
    from hardware.header.factory import PinFactory


def claimed_output(device: DeviceSettings, factory: PinFactory) -> Output:
    """The device on its pin, in its safe state; close it. Raises HardwareError."""
    return KINDS[device.kind].claim(device, factory)
