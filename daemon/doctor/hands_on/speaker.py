"""Hands-on: does the microphone hear the speaker? Played by the same parts as a reply."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.doctor.hands_on.echo_record import put_on_record, return_loss_db
from daemon.doctor.hands_on.tone import Heard, find, probe_sound
from daemon.hearing.periods import periods_of
from daemon.machine.finding import Finding, bad, good, skipped, warning
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, ms_of_samples
from daemon.speech.loudspeaker import loudspeaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import Microphone

ROOM_S: Final = 1.0
"""Heard before the sound, to know the room; a speaker that is just opened may also click."""
AFTER_S: Final = 1.5
"""Heard after it: the longest delay that is looked for."""

LATE_MS: Final = 500.0
"""A reply this late is felt as a pause; a card's own buffer is 80 ms, Bluetooth and sound servers add hundreds."""
FAINT_DB: Final = 6.0
"""Less than this over the room is hard to hear for people too."""
DISTORTED: Final = 0.1
"""Harmonics of a tenth of the tone: a small speaker at a sensible volume gives a few hundredths."""
CLIPPED_SAMPLES: Final = 50


async def speaker_heard(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Play the sound and listen. Raises HardwareError if a card cannot be used."""
    if settings.speaker.volume == 0:
        return skipped("the volume is 0, so nothing would be heard", "set volume under [speaker]")
    terminal.say("A rising and a falling whistle is played, and listened to. Please be quiet.")
    async with drivers.microphone(settings.microphone) as microphone:
        recording = _Recording(settings, microphone)
        async with asyncio.TaskGroup() as group:
            recorded = group.create_task(recording.run())
            played_at = await _play(settings, drivers, recording)
            captured = await recorded
    heard = find(captured, played_at)
    return put_on_record(judge(heard, settings.speaker), heard, settings, drivers)


async def _play(settings: Settings, drivers: Drivers, recording: _Recording) -> int:
    """Where in the recording the sound was handed to the speaker."""
    async with loudspeaker(settings.speaker, drivers.speaker) as speaker:
        await recording.room_heard.wait()
        played_at = recording.captured_samples
        speaker.play(_as_reply(probe_sound(REPLY_RATE_HZ)))
        await speaker.played()
        recording.enough.set()
    return played_at


class _Recording:
    """What the microphone hears, as Pipit hears it: 16 kHz, one channel, after the gain."""

    def __init__(self, settings: Settings, microphone: Microphone) -> None:
        mic = settings.microphone
        self._microphone = microphone
        self._converter = CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db)
        self._pieces: list[Samples] = []  # bounded: the loudspeaker has a deadline
        self.captured_samples = 0
        self.room_heard = asyncio.Event()
        self.enough = asyncio.Event()

    async def run(self) -> Samples:
        """Until AFTER_S after `enough`; raises HardwareError if no audio comes."""
        async for period in periods_of(self._microphone, ROOM_S):
            self._keep(period)
        self.room_heard.set()
        while not self.enough.is_set():
            async for period in periods_of(self._microphone, 0.1):
                self._keep(period)
        async for period in periods_of(self._microphone, AFTER_S):
            self._keep(period)
        return np.concatenate(self._pieces)

    def _keep(self, period: bytes) -> None:
        samples = self._converter.convert(period)
        self._pieces.append(samples)
        self.captured_samples += len(samples)


def _as_reply(sound: NDArray[np.float64]) -> bytes:
    data: bytes = np.rint(sound * 32_767).astype("<i2").tobytes()
    return data


def judge(heard: Heard | None, speaker: SpeakerSettings) -> Finding:
    """What the microphone heard of it, in one sentence."""
    if heard is None:
        return bad(
            "the microphone does not hear the speaker",
            "turn the card's volume up with `alsamixer`, check the speaker's wires and device under [speaker];"
            " if people hear it, mend the microphone first",
        )
    loss_db = return_loss_db(heard, speaker)
    facts = _facts(heard) | {"return_loss_db": round(loss_db, 1)}
    if heard.speed != 1:
        return bad(
            f"the card plays at {heard.speed:.2f} times the right speed",
            f"set rate_hz = {_rate_of_its_own(heard, speaker)} under [speaker]",
            **facts,
        )
    for wrong, sentence, fix in _complaints(heard):
        if wrong:
            return warning(sentence, fix, **facts)
    delay_ms = ms_of_samples(heard.delay_samples)
    back = f"{abs(loss_db):.0f} dB {'softer' if loss_db >= 0 else 'louder'} than it is played"
    over = f"{heard.over_room_db:.0f} dB over the room, and {back}"
    return good(f"the microphone hears the speaker after {delay_ms:.0f} ms, {over}", **facts)


def _complaints(heard: Heard) -> Iterator[tuple[bool, str, str]]:
    """What may be wrong: whether it is, the sentence, and the fix; the worst first."""
    delay_ms = ms_of_samples(heard.delay_samples)
    yield (
        heard.clipped_samples >= CLIPPED_SAMPLES,
        "the speaker is so loud that the microphone clips",
        "lower volume under [speaker], or the capture volume with `alsamixer`, or move them apart",
    )
    yield (
        heard.distortion > DISTORTED,
        f"the speaker distorts: its harmonics are {heard.distortion:.0%} of a tone",
        "lower volume under [speaker] or the card's with `alsamixer`; a weak power supply does it too",
    )
    yield (
        heard.over_room_db < FAINT_DB,
        f"the speaker is hardly louder than the room ({heard.over_room_db:.0f} dB)",
        "raise volume under [speaker], or the card's with `alsamixer`",
    )
    yield (
        delay_ms > LATE_MS,
        f"the speaker is heard {delay_ms:.0f} ms after it was told to play",
        "use the sound card itself under [speaker] device, not Bluetooth or a sound server",
    )


def _facts(heard: Heard) -> dict[str, float]:
    return {
        "delay_ms": round(ms_of_samples(heard.delay_samples)),
        "level_dbfs": round(heard.level_dbfs, 1),
        "over_room_db": round(heard.over_room_db, 1),
        "distortion": round(heard.distortion, 3),
        "speed": round(heard.speed, 3),
        "clipped_samples": heard.clipped_samples,
    }


def _rate_of_its_own(heard: Heard, speaker: SpeakerSettings) -> int:
    """At which the card really runs, told by how fast it plays what was made for another rate."""
    return round(speaker.rate_hz * heard.speed)
