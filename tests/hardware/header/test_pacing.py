"""The loop's own calls, later."""

import asyncio

from hardware.header.pacing import on_the_loop
from hardware.header.push_button import GpioButton


async def test_the_loop_paces_the_level_check_by_itself(pins):
    pressed = asyncio.Event()
    button = GpioButton(17, pins)
    button.on_pressed = pressed.set
    async with button:
        pins.pin(17).edges = "none"
        pins.pin(17).drive_low()
        await asyncio.wait_for(pressed.wait(), 60)


async def test_a_call_that_was_called_off_does_not_come():
    came: list[str] = []
    done = asyncio.Event()
    on_the_loop(0, lambda: came.append("called off")).cancel()
    on_the_loop(0, done.set)
    await asyncio.wait_for(done.wait(), 60)
    assert came == []
