"""Hands-on: the light shows its patterns. Did it?"""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Final

from daemon.conversation.commands import Pattern
from daemon.machine.finding import Finding, bad, good, skipped

if TYPE_CHECKING:
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings

SHOWN: Final = (Pattern.LISTENING, Pattern.THINKING, Pattern.MUTED)
SHOWN_S: Final = 2.0


async def light(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Show some patterns and ask. Raises HardwareError if the pin cannot be used."""
    pin = settings.indicator.pin
    if pin is None:
        return skipped("the settings name no light")
    from hardware.header.indicator import GpioIndicator

    with closing(drivers.pins(settings.gpio)) as pins:
        async with GpioIndicator(pin, pins, active_high=settings.indicator.active == "high") as indicator:
            for pattern in SHOWN:
                terminal.say(f"The light now shows what it shows when it is {pattern.value}.")
                indicator.show(pattern.value)
                await asyncio.sleep(SHOWN_S)
            indicator.show(Pattern.IDLE.value)
            terminal.say("Now it is idle, which is dark.")
            works = await terminal.ask_yes_no("Did it light up, and is it dark now?", default=False)
    if works:
        return good(f"the light on pin {pin} works", pin=pin)
    other = "low" if settings.indicator.active == "high" else "high"
    return bad(
        f"the light on pin {pin} was not seen as it should be",
        f'if it was the wrong way round set active = "{other}" under [indicator]; else check its pin and its resistor',
        pin=pin,
    )
