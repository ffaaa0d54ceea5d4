"""The microphone as a hands-on check opens it: with all the channels the card has, if it says how many."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from typing import TYPE_CHECKING, Final

from daemon.errors import FormatRefused
from hardware.sound.usb_place import pcm_behind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.hearing.settings import MicrophoneSettings
    from hardware.base import Microphone

CHANNELS: Final = (8, 6, 4, 2)
"""What cards with several microphones have: a ReSpeaker ring 8 or 6, a PS3 Eye 4, an I2S pair 2."""
RATES_HZ: Final = (48_000, 16_000)


@asynccontextmanager
async def all_channels(settings: MicrophoneSettings, drivers: Drivers) -> AsyncIterator[Microphone]:
    """The card itself with as many channels as it has; as the settings say where that cannot be.

    ALSA's conversion ("plughw") would give any number of channels, copied or averaged. Raises HardwareError.
    """
    async with AsyncExitStack() as stack:
        for attempt in _attempts(settings):
            try:
                microphone = await stack.enter_async_context(drivers.microphone(attempt))
            except FormatRefused:
                continue
            break
        else:
            microphone = await stack.enter_async_context(drivers.microphone(settings))
        yield microphone


def _attempts(settings: MicrophoneSettings) -> Iterator[MicrophoneSettings]:
    """Ways to open the card's own PCM with more channels than the settings say, the most first."""
    prefix, _, card = pcm_behind(settings.device).partition(":")
    if not card or prefix not in {"hw", "plughw"}:
        return
    rates = dict.fromkeys((settings.rate_hz, *RATES_HZ))
    formats = dict.fromkeys((settings.sample_format, "S32_LE", "S24_3LE", "S16_LE"))
    for channels, rate_hz, sample_format in product(CHANNELS, rates, formats):
        if channels > settings.channels:
            changes = {"channels": channels, "rate_hz": rate_hz, "sample_format": sample_format}
            yield settings.model_copy(update={"device": f"hw:{card}", **changes})
