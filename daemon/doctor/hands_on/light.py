"""Hands-on: the light shows each of its patterns. Did it?"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from daemon.conversation.commands import Pattern
from daemon.lights.looks import look_of
from daemon.machine.finding import Finding, bad, good, skipped

if TYPE_CHECKING:
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings

SHOWN: Final = tuple(pattern for pattern in Pattern if pattern is not Pattern.IDLE)
SHOWN_S: Final = 2.0


async def light(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Show every pattern and ask. Raises HardwareError if a pin cannot be used."""
    table = settings.indicator
    if not table.shines:
        return skipped("the settings name no light")
    with ExitStack() as stack:
        factory = drivers.pins(settings.gpio) if table.wired else None
        if factory:
            stack.callback(factory.close)
        shining = drivers.light(settings, factory)
        assert shining is not None  # noqa: S101  the settings name one
        async with shining:
            for pattern in SHOWN:
                terminal.say(f"It now shows {pattern.value}: {look_of(pattern.value).meaning}.")
                shining.show(pattern.value)
                await asyncio.sleep(SHOWN_S)
            shining.show(Pattern.IDLE.value)
            terminal.say("Now it is idle, which is dark.")
            works = await terminal.ask_yes_no(
                "Did it light up, each time in another way, and is it dark now?", default=False
            )
    return _found(settings, works=works)


def _found(settings: Settings, *, works: bool) -> Finding:
    table = settings.indicator
    facts = {"kind": table.kind, **({"pin": table.pin} if table.pin is not None else {})}
    name = f"the light on pin {table.pin}" if table.pin is not None else f'the light of kind "{table.kind}"'
    if works:
        return good(f"{name} works", **facts)
    other = "low" if table.active == "high" else "high"
    turned = f'if it was the wrong way round set active = "{other}" under [indicator]'
    rows = "check bus and count under [indicator], and that it has power; -v shows why it could not be reached"
    return bad(
        f"{name} was not seen as it should be",
        f"{turned}; else check its pin and its resistor" if table.wired else rows,
        **facts,
    )
