"""A room in virtual time: what its speaker plays reaches its microphone, later, softer and perhaps spoilt.

Microphone, speaker and pins are the shipped fakes; the room only stands between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.doctor.hands_on.drivers import Drivers
from daemon.errors import FormatRefused
from daemon.hearing.making import microphone_format
from daemon.house.settings import Settings
from daemon.sound.resample import Resampler
from daemon.speech.making import speaker_format
from hardware.fake import Pace, RecordingSpeaker, WavMicrophone
from hardware.header.factory import pin_factory
from tests.daemon.doctor.virtual_time import run_in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.hearing.settings import MicrophoneSettings
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import Microphone, PlayoutSource, Speaker


def settings(**tables: Any) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, **tables})


@dataclass
class Room:
    """`delay_ms` and `gain` are those of the way from speaker to microphone; `drive` above 0 distorts.

    `heard` is what the microphone hears besides, in its own format; it hears `noise_rms` (16-bit steps) for ever.
    `offers` says which formats of the card exist, and `speed` how much too fast the speaker plays.
    """

    delay_ms: float = 30
    gain: float = 0.1
    drive: float = 0.0
    speed: float = 1.0
    noise_rms: float = 10.0
    heard: Callable[[MicrophoneSettings], bytes] | None = None
    offers: Callable[[MicrophoneSettings], bool] = lambda _: True
    endless: bool = True
    unplugged: bool = False
    root: Path = Path("/nowhere")
    state: Path | None = None
    now: datetime = datetime(2026, 11, 30, 12, tzinfo=UTC)
    pins: Any = field(default_factory=lambda: pin_factory("mock"))
    opened: list[MicrophoneSettings] = field(default_factory=list)
    speakers: list[RecordingSpeaker] = field(default_factory=list)

    @property
    def drivers(self) -> Drivers:
        return Drivers(
            microphone=self._microphone,
            speaker=self._speaker,
            pins=lambda _: self.pins,
            root=self.root,
            state=self.state,
            now=lambda: self.now,
            sensor_deadline_s=None,  # what a thread does takes no virtual time
            run=run_in_virtual_time,
        )

    def _microphone(self, wanted: MicrophoneSettings) -> Microphone:
        if not self.offers(wanted):
            return _Refusing(b"", microphone_format(wanted))
        self.opened.append(wanted)
        self._random = np.random.default_rng(0)
        self._ears = WavMicrophone(
            self.heard(wanted) if self.heard else b"",
            microphone_format(wanted),
            pace=Pace.REAL_TIME,
            then_silence=self.endless,
            hiss_rms=self.noise_rms,
        )
        if self.unplugged:
            self._ears.unplug()
        return self._ears

    def _speaker(self, wanted: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        way = _Way(self, wanted)

        def make(source: PlayoutSource) -> Speaker:
            asked = speaker_format(wanted)
            runs_at = replace(asked, rate_hz=round(asked.rate_hz * self.speed))
            self.speakers.append(RecordingSpeaker(runs_at, _Overheard(source, way.carry)))
            return self.speakers[-1]

        return make

    def reach_the_microphone(self, sound: np.ndarray) -> None:
        noise = self._random.normal(0, self.noise_rms, len(sound))
        self._ears.say((sound + noise).clip(-32_768, 32_767).astype(np.int16))


class _Way:
    """From the speaker's bytes to what reaches the microphone."""

    def __init__(self, room: Room, speaker: SpeakerSettings) -> None:
        self._room = room
        self._channels = speaker.channels
        self._resampler = Resampler(round(speaker.rate_hz * room.speed), 16_000, "LQ")
        self._late = np.zeros(round(room.delay_ms * 16))

    def carry(self, period: bytes) -> None:
        mono = np.frombuffer(period, "<i2").reshape(-1, self._channels)[:, 0].astype(np.float32)
        heard = self._resampler.process_unrounded(mono).astype(np.float64) * self._room.gain
        if self._room.drive:
            top = 32_768 * self._room.gain
            heard = np.tanh(heard / top * self._room.drive) / self._room.drive * top
        delayed = np.concatenate((self._late, heard))
        self._late = np.zeros(0)
        self._room.reach_the_microphone(delayed)


class _Overheard:
    """A source whose periods somebody hears as they are played."""

    def __init__(self, source: PlayoutSource, hear: Callable[[bytes], None]) -> None:
        self._source = source
        self._hear = hear

    def next_period(self, frames: int) -> bytes:
        period = self._source.next_period(frames)
        self._hear(period)
        return period

    def period_written(self, frames: int, delay_frames: int) -> None:
        self._source.period_written(frames, delay_frames)

    def dropped(self) -> None:
        self._source.dropped()


class _Refusing(WavMicrophone):
    async def __aenter__(self) -> WavMicrophone:
        raise FormatRefused("the card does not offer it", fix="ask for something else")
