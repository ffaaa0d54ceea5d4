"""`pipit listen`: what the microphone, or a file, sounds like to the appliance, while it does."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from daemon.errors import DeviceBusy
from daemon.hearing.making import alsa_microphone, wake_engine_of
from daemon.hearing.periods import periods_of
from daemon.hearing.voice_activity import VoiceActivity
from daemon.meter.hearing_meter import HearingMeter, Moment, Summary
from daemon.meter.meter_lines import meter_line, summary_lines
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import ms_of_samples
from daemon.sound.wav import read_recording
from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daemon.hearing.settings import MicrophoneSettings, WakeSettings
    from hardware.base import Microphone

MINUTE_S: Final = 60.0
HOP_S: Final = ms_of_samples(HOP_SAMPLES) / 1000
KEPT: Final = int(MINUTE_S / HOP_S)
"""A minute of moments is what is drawn; older ones go."""


class Screen(Protocol):
    """Where it is shown; `daemon.doctor.hands_on.terminal.LineTerminal` is one."""

    def say(self, line: str) -> None: ...
    def live(self, line: str) -> None: ...


@dataclass
class Heard:
    """What is shown of all that was heard."""

    screen: Screen
    each_second: bool = False
    """A line that stays each second, for where no line can stay in its place."""
    also: str = ""
    """A line to conclude with that is not of what was heard."""

    def __post_init__(self) -> None:
        self.minute: deque[Moment] = deque(maxlen=KEPT)  # drops the oldest
        self._clipped = 0
        self._zeros = 0
        self._count = 0

    def take(self, moment: Moment) -> None:
        self.minute.append(moment)
        self._count += 1
        self._clipped += moment.clipped
        self._zeros += moment.zero
        line = meter_line(moment, self._clipped, self._zeros * HOP_S)
        self.screen.live(line)
        if self.each_second and int(moment.at_s) > int(moment.at_s - HOP_S):
            self.screen.say(f"{moment.at_s:5.0f} s {line}")
        for word in moment.fired:
            self.screen.say(f"{moment.at_s:.1f} s: {word}")

    def conclude(self) -> None:
        """Say what it was in all, of the last minute."""
        lines = summary_lines(Summary.of(list(self.minute))) if self.minute else []
        for line in (*lines, self.also) if lines and self.also else lines:
            self.screen.say(line)


def ears_of(wake: WakeSettings) -> HearingMeter:
    """The ears of the appliance. Raises ModelFileError."""
    return HearingMeter(wake_engine_of(wake), VoiceActivity(wake.models_dir))


async def listen_live(
    settings: MicrophoneSettings,
    meter: HearingMeter,
    heard: Heard,
    seconds: float,
    open_microphone: Callable[[MicrophoneSettings], Microphone] = alsa_microphone,
) -> None:
    """Until so much was heard, or it is cancelled. Raises HardwareError if the card cannot be used."""
    try:
        async with open_microphone(settings) as microphone:
            converter = CaptureConverter(microphone.format, channel=settings.channel, gain_db=settings.gain_db)
            async for period in periods_of(microphone, seconds):
                for moment in meter.add(converter.convert(period)):
                    heard.take(moment)
    except DeviceBusy as error:  # by whom else, on a Pi with these settings?
        what = f"{error.message}; the service holds it while it runs"
        raise DeviceBusy(what, fix="sudo systemctl stop pipit, and start it again afterwards") from error


def listen_to_file(path: Path, meter: HearingMeter, heard: Heard) -> None:
    """As fast as it can be heard, by ears that are awake. Raises AudioFileError."""
    meter.settle()
    for moment in meter.add(read_recording(path).samples):
        heard.take(moment)
