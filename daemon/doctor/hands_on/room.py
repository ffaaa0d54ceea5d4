"""Hands-on: is the room quiet enough to be heard in, as the appliance hears it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.hearing.making import wake_engine_of
from daemon.hearing.periods import periods_of
from daemon.hearing.voice_activity import VoiceActivity
from daemon.machine.finding import Finding, bad, good, warning
from daemon.meter.hearing_meter import HearingMeter, Moment, Summary
from daemon.meter.meter_lines import meter_line
from daemon.sound.capture import CaptureConverter

if TYPE_CHECKING:
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings

ROOM_S: Final = 6.0
SETTLE_S: Final = 0.5
"""Not judged: some microphones and cards start with a thump."""
NOISY_DBFS: Final = -45.0
"""A voice comes at about -30 dBFS from where people speak, and wants 15 dB over the room."""
CLIPPED: Final = 10
"""So many samples at the end of the scale are no chance, in a room that is quiet."""


async def room(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Listen to the room for some seconds. Raises HardwareError, or ModelFileError."""
    mic, moments = settings.microphone, list[Moment]()
    meter = HearingMeter(wake_engine_of(settings.wake), VoiceActivity(settings.wake.models_dir))
    async with drivers.microphone(mic) as microphone:
        converter = CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db)
        terminal.say("Please be quiet for six seconds, and leave on what is usually on.")
        async for period in periods_of(microphone, SETTLE_S):
            converter.convert(period)
        async for period in periods_of(microphone, ROOM_S):
            for moment in meter.add(converter.convert(period)):
                moments.append(moment)
                terminal.live(meter_line(moment, sum(each.clipped for each in moments), 0.0))
    return judge(Summary.of(moments))


def judge(heard: Summary) -> Finding:
    """Of a room in which nobody speaks."""
    facts = {
        "room_dbfs": round(heard.noise_dbfs, 1),
        "loudest_dbfs": round(heard.loudest_dbfs, 1),
        "clipped": heard.clipped,
        "zero_s": round(heard.zero_s, 2),
        "gate_open": round(heard.open_share, 2),
    }
    if heard.zero_s >= heard.seconds / 2:
        fix = "open its mute switch; for an I2S microphone check the wires of data, clock and L/R, and the overlay"
        return bad("the microphone delivers nothing but zeros", fix, **facts)
    if heard.clipped >= CLIPPED:
        fix = "lower gain_db under [microphone], or the capture volume of the card with `alsamixer`"
        return bad(f"the microphone clips though nobody speaks ({heard.clipped} samples)", fix, **facts)
    if heard.noise_dbfs > NOISY_DBFS:
        fix = "move the microphone away from fans and speakers; `pipit listen --plot room.svg` draws what it hears"
        return warning(f"the room is loud: {heard.noise_dbfs:.0f} dBFS at its quietest", fix, **facts)
    return good(f"the room is quiet enough: {heard.noise_dbfs:.0f} dBFS", **facts)
