"""Periods of a microphone for a while, for whoever wants to look at them rather than to be talked to."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from daemon.errors import HardwareError
from daemon.sound.pcm import ms_of_samples

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from hardware.base import Microphone

SILENT_S: Final = 3.0
"""A card that is open delivers every 80 ms at the slowest."""


async def periods_of(microphone: Microphone, seconds: float) -> AsyncIterator[bytes]:
    """Periods until `seconds` of audio were heard. Raises HardwareError if they do not come, or end before."""
    wanted = seconds * 1000
    heard = 0.0
    async with aclosing(_generator(microphone)) as periods:
        while heard < wanted:
            try:
                async with asyncio.timeout(SILENT_S):
                    period = await anext(periods)
            except (TimeoutError, StopAsyncIteration):
                raise HardwareError(
                    f"the microphone is open but delivers no audio (nothing for {SILENT_S:g} s)",
                    fix="unplug it and plug it in again; for an I2S card check the clock wires and the overlay",
                ) from None
            heard += ms_of_samples(microphone.format.period_frames, microphone.format.rate_hz)
            yield period


async def _generator(microphone: Microphone) -> AsyncGenerator[bytes, None]:
    async for period in microphone.periods():
        yield period
