"""A door opener, or whatever else wants one short pulse: always as long, never held, and not again at once.

The gate ends it: the length of the pulse is the device's longest on-time.
"""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.led import switched
from daemon.abilities.devices.kinds.wired import Wired
from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo


class _Triggering:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    async def trigger(self, device: Annotated[str, Field(description="Which device.")], undo: Undo) -> Answer:
        """Give a device its one short pulse, as to open a door. It ends by itself."""
        if self._worked.gate.read(device).on:
            raise Refused(f'"{device}" has its pulse already', fix="wait until it has ended")
        async with self._worked.noting(device, undo):
            self._worked.gate.switch(device, on=True)
        if not self._worked.gate.read(device).on:
            raise disobeyed(device, "on", self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def _tools(worked: Worked, devices: Sequence[Device]) -> list[Tool]:
    return [Tool.of(_Triggering(worked).trigger, choices={"device": worked.called(device.name for device in devices)})]


_WIRED: Final = Wired(
    "A door opener, or what else wants one short pulse.",
    (
        ("pin", "IN of a relay board, whose contact is beside the button of the opener"),
        ("5V", "VCC"),
        ("GND", "GND"),
    ),
    'name = "front door"\nkind = "pulse"\npin = 22\nmax_on_s = 0.8\nmin_off_s = 5.0\nconfirm = true',
    "`max_on_s` is the length of the pulse, 1 s if nothing is said. "
    "It is never held, and there is none for `min_off_s` after.",
    ("trigger",),
)

PULSE: Final[Kind[Device]] = Kind(
    switched, lambda _: "do what its pulse is for", (_tools,), switched=False, in_rooms=False, wired=_WIRED
)
