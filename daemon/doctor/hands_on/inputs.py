"""Hands-on: each input is pressed, opened, turned or read, and somebody says whether what it measures can be."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from daemon.abilities.inputs.claiming import claimed_switch, knob_of
from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.kinds.input_kinds import KNOBS, SENSORS, sensor_kind
from daemon.abilities.inputs.sensor_reader import Expected, Reader
from daemon.errors import PipitError
from daemon.machine.finding import Finding, bad, good, skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.abilities.inputs.settings import InputSettings
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from hardware.header.factory import PinFactory

T = TypeVar("T")

MOVE_S: Final = 10.0
"""How long is waited for a change, and then for the change back."""
MOVES: Final = {
    "button": "Press {name} now, and let it go.",
    "contact": "Open {name} now, and close it, or the other way round.",
    "motion": "Move in front of {name} now.",
    "encoder": "Turn {name} one step to the right now.",
}


@dataclass(frozen=True)
class Tried:
    """What became of an input; `why` is a sentence with its fix where it does not work."""

    name: str
    why: str = ""


async def inputs(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Try each input of the settings. Raises HardwareError if the pins cannot be reached at all."""
    if not settings.inputs:
        return skipped("the settings name no input")
    with ExitStack() as stack:
        wired = any(one.pins for one in settings.inputs)
        pins = stack.enter_context(closing(drivers.pins(settings.gpio))) if wired else None
        return judge([await _tried(one, pins, terminal, drivers) for one in settings.inputs])


def judge(tried: Sequence[Tried]) -> Finding:
    """One sentence for all of them; the faults are named."""
    facts = {f"input_{number}": "does not work" if one.why else "works" for number, one in enumerate(tried, 1)}
    faults = [f'"{one.name}": {one.why}' for one in tried if one.why]
    if faults:
        what = f"{len(faults)} of {len(tried)} inputs do not work: {'; '.join(faults)}"
        return bad(what, "check wires and pins against docs/devices.md", **facts)
    return good(f"{len(tried)} of {len(tried)} inputs work", **facts)


async def _tried(one: InputSettings, pins: PinFactory | None, terminal: Terminal, drivers: Drivers) -> Tried:
    try:
        if one.kind in SENSORS:
            return Tried(one.name, await _read(one, pins, terminal, drivers))
        if pins is None:
            raise ValueError("the settings have seen to its pin")
        return Tried(one.name, await (_turned if one.kind in KNOBS else _moved)(one, pins, terminal))
    except PipitError as error:
        return Tried(one.name, str(error))


async def _read(one: InputSettings, pins: PinFactory | None, terminal: Terminal, drivers: Drivers) -> str:
    """Raises HardwareError."""
    kind, now = sensor_kind(one.kind), asyncio.get_running_loop().time
    with ExitStack() as stack:
        sensor = kind.made(one, Source(drivers.root, pins, stack.callback))
        expected = Expected(one.min_value, one.max_value)
        reading = await Reader(sensor, kind, expected, now=now, deadline_s=drivers.sensor_deadline_s).read()
    told = " and ".join(f"{measured.value:.4g} {measured.unit}" for measured in reading.measured)
    if await terminal.ask_yes_no(f'"{one.name}" reads {told}. Can that be?', default=True):
        return ""
    return f"it reads {told}, which is not so"


async def _moved(one: InputSettings, pins: PinFactory, terminal: Terminal) -> str:
    """Raises HardwareError."""
    changes: asyncio.Queue[bool] = asyncio.Queue()  # bounded by MOVE_S and its debouncing
    with closing(claimed_switch(one, pins)) as switch:
        switch.watch(changes.put_nowait)
        terminal.say(MOVES[one.kind].format(name=f'"{one.name}"'))
        first = await _next(changes)
        if first is None:
            return f"nothing was seen on pin {one.pin}"
        if one.kind == "button" and not first:
            return 'it is the wrong way round: set active = "high", or "low" if it is that'
        if one.kind != "motion" and await _next(changes) is None:
            return f"it did not go back on pin {one.pin}"
    return ""


async def _turned(one: InputSettings, pins: PinFactory, terminal: Terminal) -> str:
    """Raises HardwareError."""
    steps: asyncio.Queue[int] = asyncio.Queue()  # bounded by MOVE_S and a hand
    async with knob_of(one, pins) as knob:
        knob.on_turned = steps.put_nowait
        terminal.say(MOVES[one.kind].format(name=f'"{one.name}"'))
        turned = await _next(steps)
    if turned is None:
        return f"no step was seen on pins {one.pin} and {one.b_pin}"
    return "" if turned > 0 else "it turns the other way: exchange pin and b_pin"


async def _next(queue: asyncio.Queue[T]) -> T | None:
    try:
        async with asyncio.timeout(MOVE_S):
            return await queue.get()
    except TimeoutError:
        return None
