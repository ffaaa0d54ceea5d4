"""Hands-on: each device is switched once, with consent and within its bounds, and somebody says whether it was seen.

Every question is asked while the device is in its safe state, so that nobody's silence keeps a relay on; and however
the check ends (Ctrl-C, an error), the driver makes the device safe before it lets go of the pin.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.working.gate import Gate
from daemon.errors import HardwareError, PipitError
from daemon.machine.finding import Finding, bad, good, skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.abilities.devices.settings import DeviceSettings
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from hardware.base import Output
    from hardware.header.factory import PinFactory

PULSE_S: Final = 2.0
"""Long enough to look up, short enough for anything that people put on a relay."""


MARGIN_S: Final = 0.1
"""A timer may ring a little early, and the gate would refuse."""


class Seen(Enum):
    """What became of a device; the values are those of the findings' facts."""

    WORKS = "works"
    LEFT_OUT = "left out"
    NOT_SEEN = "not seen"
    NO_EFFECT = "its pin did not change"
    FAILED = "failed"


@dataclass(frozen=True)
class Tried:
    """A device and what became of it; `why` is a sentence with its fix where there is more to say."""

    name: str
    pin: int
    seen: Seen
    why: str = ""


async def devices(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Switch each device of the settings. Raises HardwareError if the pins cannot be reached at all."""
    if not settings.devices:
        return skipped("the settings name no device")
    with closing(drivers.pins(settings.gpio)) as pins:
        tried = [await _try_device(device, pins, terminal) for device in settings.devices]
    return judge(tried)


async def _try_device(device: DeviceSettings, pins: PinFactory, terminal: Terminal) -> Tried:
    from daemon.abilities.devices.outputs import claimed_output

    try:
        with closing(claimed_output(device, pins)) as output:
            return await _try_output(device, output, terminal)
    except PipitError as error:
        return Tried(device.name, device.pin, Seen.FAILED, str(error))


async def _try_output(device: DeviceSettings, output: Output, terminal: Terminal) -> Tried:
    if device.read_only:
        return Tried(device.name, device.pin, Seen.LEFT_OUT)
    loop = asyncio.get_running_loop()
    gate = Gate(
        [(output, device)],
        now=loop.time,
        schedule=loop.call_later,
        local=lambda: datetime.now().astimezone(),
        consent=lambda *_: True,  # who sits at the terminal is asked each time
    )
    with closing(gate):
        if not await _agreed(device, terminal):
            return Tried(device.name, device.pin, Seen.LEFT_OUT)
        moved = await _pulse(device, output, gate)
    if output.read().on != _safe_on(device):
        raise HardwareError(
            f"pin {device.pin} does not go back to its safe state", fix="check its wiring; unplug it if in doubt"
        )
    if not moved:
        return Tried(device.name, device.pin, Seen.NO_EFFECT, "something outside holds the pin: check its wiring")
    seen = await terminal.ask_yes_no(f'Did "{device.name}" {KINDS[device.kind].sign(_safe_on(device))}?', default=False)
    return Tried(device.name, device.pin, Seen.WORKS if seen else Seen.NOT_SEEN)


async def _agreed(device: DeviceSettings, terminal: Terminal) -> bool:
    """Consent; for a device that must rest before it is turned on, after that rest."""
    way = "off" if _safe_on(device) else "on"
    question = f'Switch "{device.name}" (pin {device.pin}) {way} for {pulse_s(device):g} s?'
    if device.min_off_s and not _safe_on(device):
        question += f" It must rest for {device.min_off_s:g} s first."
    if not await terminal.ask_yes_no(question, default=False):
        return False
    if device.min_off_s and not _safe_on(device):
        await asyncio.sleep(device.min_off_s)
    return True


async def _pulse(device: DeviceSettings, output: Output, gate: Gate) -> bool:
    """Away from the safe state and back; whether the pin was seen to move. Through the gate, which knows the bounds."""
    away = not _safe_on(device)
    KINDS[device.kind].leave(gate, device.name, away)
    moved = output.read().on is away
    await asyncio.sleep(pulse_s(device))
    gate.switch(device.name, not away)
    return moved


def pulse_s(device: DeviceSettings) -> float:
    """How long it is away from its safe state: no longer than its longest on-time, no shorter than its rest."""
    if _safe_on(device):
        return max(PULSE_S, device.min_off_s + MARGIN_S)
    return min(PULSE_S, device.max_on_s or PULSE_S)


def _safe_on(device: DeviceSettings) -> bool:
    return device.safe == "on"


def judge(tried: Sequence[Tried]) -> Finding:
    """One sentence for all of them; the faults are named."""
    facts = {f"pin_{each.pin}": each.seen.value for each in tried}
    faults = [each for each in tried if each.seen not in (Seen.WORKS, Seen.LEFT_OUT)]
    works = sum(each.seen is Seen.WORKS for each in tried)
    if faults:
        what = "; ".join(f'"{each.name}" (pin {each.pin}): {each.why or each.seen.value}' for each in faults)
        return bad(
            f"{len(faults)} of {len(tried)} devices did not do as they were told: {what}",
            "check wiring, power and pin; if it was the wrong way round, active under [[device]]",
            **facts,
        )
    if not works:
        return skipped("no device was switched", **facts)
    return good(f"{works} of {len(tried)} devices work, and all are in their safe state", **facts)
