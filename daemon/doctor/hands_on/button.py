"""Hands-on: the button and the mute button. Pressed now, how fast, how cleanly, and is it wired the other way round?"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from daemon.machine.finding import Finding, bad, good, skipped, warning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from hardware.header.factory import PinFactory
    from hardware.header.push_button import GpioButton

PRESS_S: Final = 10.0
"""How long is waited for a press, and then for its release."""
SETTLE_S: Final = 0.3
"""After an edge: what follows it sooner is bounce."""
LATE_MS: Final = 100.0
"""People take a light that comes later than this for a slow one."""

Pull = Literal["up", "down"]
OTHER: Final[dict[Pull, Pull]] = {"up": "down", "down": "up"}


@dataclass(frozen=True)
class Wired:
    """A button of the settings; `table` is where it stands there."""

    table: Literal["button", "mute"]
    words: str
    pin: int
    pull: Pull
    bounce_ms: int


@dataclass
class Edges:
    """What a press did to the pin: when its edges came (seconds), and when the program was told."""

    at: list[float] = field(default_factory=list)
    told_at: float | None = None
    pressed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def bounce_ms(self) -> float:
        """From the first edge of a press to the last one before SETTLE_S without any."""
        last = self.at[0]
        for at in self.at[1:]:
            if at - last > SETTLE_S:
                break
            last = at
        return (last - self.at[0]) * 1000


async def button(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Have the talk button pressed."""
    one = settings.button
    if one.pin is None:
        return skipped("the settings name no button")
    return await _check(Wired("button", "the button", one.pin, one.pull, one.bounce_ms), settings, terminal, drivers)


async def mute_button(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Have the mute button pressed. It does not mute anything here."""
    one = settings.mute
    if one.pin is None:
        return skipped("the settings name no mute button")
    wired = Wired("mute", "the mute button", one.pin, one.pull, settings.button.bounce_ms)
    return await _check(wired, settings, terminal, drivers)


async def _check(wired: Wired, settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    with closing(drivers.pins(settings.gpio)) as pins:
        edges = Edges()
        async with _opened(wired, wired.pull, edges, pins) as device:
            if device.is_down:
                terminal.say(f"Please let go of {wired.words}.")
            if not await _comes_up(device):
                return bad(
                    f"{wired.words} on pin {wired.pin} reads as pressed all the time",
                    f"check for a short circuit; a button that connects to {_far_side(OTHER[wired.pull])}"
                    f' needs pull = "{OTHER[wired.pull]}" under [{wired.table}]',
                    pin=wired.pin,
                )
            edges.at.clear()  # of the letting go
            terminal.say(f"Press {wired.words} now, and let it go.")
            if await _within(edges.pressed, PRESS_S):
                return await _pressed(device, edges, wired)
        return await _nothing(wired, terminal, pins)


@asynccontextmanager
async def _opened(wired: Wired, pull: Pull, edges: Edges, pins: PinFactory) -> AsyncIterator[GpioButton]:
    """Without debouncing, so that every edge is seen."""
    from hardware.header.push_button import GpioButton

    loop = asyncio.get_running_loop()

    def clock() -> float:
        edges.at.append(loop.time())
        return edges.at[-1]

    def pressed() -> None:
        edges.told_at = edges.told_at or loop.time()
        edges.pressed.set()

    device = GpioButton(wired.pin, pins, pull=pull, bounce_ms=0, clock=clock)
    device.on_pressed = pressed
    async with device:
        yield device


async def _comes_up(device: GpioButton) -> bool:
    """Whether it is up, or is within PRESS_S."""
    try:
        async with asyncio.timeout(PRESS_S):
            while device.is_down:  # noqa: ASYNC110  the driver tells of presses, not of the end of one it did not see
                await asyncio.sleep(0.05)
    except TimeoutError:
        return False
    return True


async def _pressed(device: GpioButton, edges: Edges, wired: Wired) -> Finding:
    await asyncio.sleep(SETTLE_S)
    released = await _comes_up(device)
    await asyncio.sleep(SETTLE_S)
    assert edges.told_at is not None  # noqa: S101 - set with `pressed`
    latency_ms = (edges.told_at - edges.at[0]) * 1000
    facts = {
        "pin": wired.pin,
        "latency_ms": round(latency_ms, 1),
        "edges": len(edges.at),
        "bounce_ms": round(edges.bounce_ms, 1),
    }
    where = f"{wired.words} on pin {wired.pin}"
    if not released:
        return bad(f"{where} is pressed and does not come up again", "check the switch and its wires", **facts)
    if len(edges.at) > 2 and edges.bounce_ms > wired.bounce_ms:
        advised = min(200, round(edges.bounce_ms * 1.5) + 5)
        return warning(
            f"{where} bounces for {edges.bounce_ms:.0f} ms, longer than bounce_ms, which is {wired.bounce_ms}",
            f"set bounce_ms = {advised} under [button]",
            **facts,
        )
    if latency_ms > LATE_MS:
        return warning(
            f"{where} was heard of only {latency_ms:.0f} ms after it was pressed",
            "see what keeps this machine busy with `top`",
            **facts,
        )
    return good(f"{where} works: {latency_ms:.0f} ms, {len(edges.at)} edges", **facts)


async def _nothing(wired: Wired, terminal: Terminal, pins: PinFactory) -> Finding:
    """No press was seen: perhaps it connects to the other side."""
    other = OTHER[wired.pull]
    edges = Edges()
    async with _opened(wired, other, edges, pins) as device:
        if not device.is_down:
            terminal.say(f"Nothing was seen. Please press {wired.words} once more.")
            if await _within(edges.pressed, PRESS_S):
                return bad(
                    f"{wired.words} on pin {wired.pin} connects to {_far_side(other)}",
                    f'set pull = "{other}" under [{wired.table}]',
                    pin=wired.pin,
                )
    return bad(
        f"no press of {wired.words} was seen on pin {wired.pin}",
        f"check that it is BCM pin {wired.pin} (`pinout` shows it) and that the button connects it to"
        f" {_far_side(wired.pull)}",
        pin=wired.pin,
    )


def _far_side(pull: Pull) -> str:
    return "ground" if pull == "up" else "3.3 V"


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
