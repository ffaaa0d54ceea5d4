"""Hands-on: is the microphone loud enough, and is the right channel listened to? With a live meter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.doctor.hands_on.all_channels import all_channels
from daemon.doctor.hands_on.level import LevelMeter, Listening, judge
from daemon.hearing.periods import periods_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from daemon.machine.finding import Finding

SETTLE_S: Final = 0.5
"""Not judged: some microphones and cards start with a thump."""
ROOM_S: Final = 2.0
SPEECH_S: Final = 5.0

METER_FLOOR_DBFS: Final = -90.0
COLUMNS: Final = 79
FIGURES: Final = 21
"""Columns of a channel's number, level and peak, and of the gap to the next."""
NARROWEST: Final = 8


async def microphone_level(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Listen to the room, then to somebody who speaks. Raises HardwareError if the card cannot be used."""
    mic = settings.microphone
    async with all_channels(mic, drivers) as microphone:
        meter = LevelMeter(microphone.format)
        terminal.say("Please be quiet for two seconds.")
        async for _ in periods_of(microphone, SETTLE_S):
            pass
        async for period in periods_of(microphone, ROOM_S):
            _show(meter, period, terminal)
        meter.speech_begins()
        terminal.say("Now speak for five seconds, from where you would speak to it.")
        async for period in periods_of(microphone, SPEECH_S):
            _show(meter, period, terminal)
    return judge(meter.slots(), Listening(mic.channels, mic.channel, mic.gain_db, microphone.format))


def _show(meter: LevelMeter, period: bytes, terminal: Terminal) -> None:
    meter.add(period)
    terminal.live(meter_line(meter.rms_dbfs, meter.peak_dbfs))


def meter_line(rms_dbfs: Sequence[float], peak_dbfs: Sequence[float]) -> str:
    """Each channel by its number: bar, level and peak, in 79 columns; with many channels the level alone."""
    width = COLUMNS // len(rms_dbfs) - FIGURES
    if width < NARROWEST:
        return "  ".join(f"{number}:{rms:4.0f}" for number, rms in enumerate(rms_dbfs))
    slots = enumerate(zip(rms_dbfs, peak_dbfs, strict=True))
    return "  ".join(f"{number} {bar(rms, width)} {rms:4.0f} (peak{peak:5.0f})" for number, (rms, peak) in slots)


def bar(level_dbfs: float, width: int) -> str:
    """A bar that is full at 0 dBFS and empty at METER_FLOOR_DBFS."""
    part = 1 - max(level_dbfs, METER_FLOOR_DBFS) / METER_FLOOR_DBFS
    filled = round(part * width)
    return "#" * filled + "." * (width - filled)
