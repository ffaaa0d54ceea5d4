"""How loud a microphone is, slot by slot, and what is wrong with it. Pure: periods in, levels and a finding out.

Levels are in dBFS: 0 is the loudest a sample can say, whatever its format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.machine.finding import Finding, bad, good, warning
from daemon.sound.full_scale import dbfs
from hardware.pcm_bytes import all_channels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hardware.base import PcmFormat

FLOOR_DBFS: Final = -144.0
"""One step of 24 bits: below it there is nothing."""

TARGET_PEAK_DBFS: Final = -12.0
"""Where speech should peak after the gain: room for somebody who stands nearer."""
QUIET_DBFS: Final = -50.0
"""Speech below this, after the gain, wakes less surely: 101 of 105 wake words at -53 dBFS (measured), 98 at -63."""
SPEECH_OVER_ROOM_DB: Final = 6.0
"""Less than this over the room's own noise was not speech."""
NOISY_DB: Final = 15.0
"""Speech this little over the room's noise is heard, but the wake word is missed at times (64 of 80 at 5 dB)."""
HIGHEST_GAIN_DB: Final = 60.0
"""The bound of [microphone] gain_db."""
FLAT_TOPS: Final = 10
"""Pairs of neighbours at the same end of the scale: a sine that just touches it has none, a clipped voice hundreds."""
LARGE_OFFSET: Final = 0.02
"""Of full scale. With S16_LE nothing removes it (`daemon.sound.capture.DcBlock` is for all others)."""


@dataclass(frozen=True)
class Slot:
    """One channel over some time. `room_dbfs` is the RMS of its quiet, `speech_dbfs` that of its loud periods."""

    room_dbfs: float
    speech_dbfs: float
    peak_dbfs: float
    offset: float
    """The mean, as a part of full scale: what a microphone adds to every sample."""
    zero: bool
    """Nothing but zeros."""
    stuck: bool
    """Always the same value, and not zero."""
    flat_tops: int

    @property
    def contrast_db(self) -> float:
        return self.speech_dbfs - self.room_dbfs


class LevelMeter:
    """Takes periods in order: first of a quiet room, then, after `speech_begins`, of somebody who speaks.

    Offsets are taken out of each period by itself, for some microphones drift for seconds after they were opened.
    """

    def __init__(self, pcm_format: PcmFormat) -> None:
        self._format = pcm_format
        self._top = np.float32(1 - 2**-15)  # the highest S16 value; of S32 what is as high
        self._levels: list[NDArray[np.float32]] = []  # bounded by how long a check lasts
        self._means: list[NDArray[np.float32]] = []
        self._peak = np.zeros(pcm_format.channels, np.float32)
        self._lowest = np.full(pcm_format.channels, np.inf, np.float32)
        self._highest = np.full(pcm_format.channels, -np.inf, np.float32)
        self._flat_tops = np.zeros(pcm_format.channels, np.int64)
        self._quiet_periods: int | None = None

    @property
    def rms_dbfs(self) -> tuple[float, ...]:
        """Of the last period, slot by slot."""
        return tuple(dbfs(float(level), FLOOR_DBFS) for level in self._levels[-1]) if self._levels else ()

    @property
    def peak_dbfs(self) -> tuple[float, ...]:
        """Since the beginning, slot by slot."""
        return tuple(dbfs(float(peak), FLOOR_DBFS) for peak in self._peak)

    def speech_begins(self) -> None:
        self._quiet_periods = len(self._levels)

    def add(self, period: bytes) -> None:
        frames = all_channels_of(period, self._format)
        mean = frames.mean(axis=0, dtype=np.float64).astype(np.float32)
        swing = frames - mean
        self._means.append(mean)
        self._levels.append(np.sqrt(np.mean(np.square(swing), axis=0)))
        self._peak = np.maximum(self._peak, np.abs(swing).max(axis=0))
        self._lowest = np.minimum(self._lowest, frames.min(axis=0))
        self._highest = np.maximum(self._highest, frames.max(axis=0))
        for end in (frames >= self._top, frames <= -self._top):
            self._flat_tops += (end[1:] & end[:-1]).sum(axis=0)

    def slots(self) -> tuple[Slot, ...]:
        """What was heard, slot by slot. Raises ValueError unless both the room and speech were."""
        quiet = self._quiet_periods
        if not quiet or quiet == len(self._levels):
            raise ValueError("levels need periods of a quiet room and periods of speech")
        levels = np.array(self._levels)
        room, speech = np.median(levels[:quiet], axis=0), np.percentile(levels[quiet:], 90, axis=0)
        means = np.mean(self._means, axis=0)
        constant = self._lowest == self._highest
        return tuple(
            Slot(
                room_dbfs=dbfs(float(room[n]), FLOOR_DBFS),
                speech_dbfs=dbfs(float(speech[n]), FLOOR_DBFS),
                peak_dbfs=dbfs(float(self._peak[n]), FLOOR_DBFS),
                offset=float(means[n]),
                zero=bool(constant[n] and self._highest[n] == 0),
                stuck=bool(constant[n] and self._highest[n] != 0),
                flat_tops=int(self._flat_tops[n]),
            )
            for n in range(self._format.channels)
        )


@dataclass(frozen=True)
class Listening:
    """What the settings say of the microphone, as far as levels go; `opened` is how the check opened the card."""

    channels: int
    channel: int
    gain_db: float
    opened: PcmFormat


def judge(slots: tuple[Slot, ...], listening: Listening) -> Finding:
    """The one thing to say of these levels: the worst first, for what is mended first may mend the rest."""
    chosen = min(listening.channel, len(slots) - 1)
    slot = slots[chosen]
    facts = _facts(slot, slots, chosen)
    for wrong, sentence, fix in _faults(slots, chosen):
        if wrong:
            return bad(sentence, fix, **facts)
    for wrong, sentence, fix in (*_wrong_levels(slot, listening), *_wrong_settings(slot, slots, listening)):
        if wrong:
            return warning(sentence, fix, **facts)
    level = f"{slot.speech_dbfs + listening.gain_db:.0f} dBFS after the gain"
    return good(f"the voice comes at {level}, {slot.contrast_db:.0f} dB over the room", **facts)


Complaint = tuple[bool, str, str]
"""Whether it is so, what is wrong, and the fix."""


def _faults(slots: tuple[Slot, ...], chosen: int) -> Iterator[Complaint]:
    """With which nothing is heard at all."""
    slot = slots[chosen]
    best = max(range(len(slots)), key=lambda n: (slots[n].contrast_db, slots[n].speech_dbfs))
    yield (
        all(each.zero for each in slots),
        "the microphone delivers nothing but zeros",
        "open its mute switch; for an I2S microphone check the wires of data, clock and L/R, and the overlay",
    )
    yield (
        _speaks(slots[best]) and not _speaks(slot),
        f"the voice is in channel {best}, but channel {chosen} is listened to",
        f"set channels = {len(slots)} and channel = {best} under [microphone]",
    )
    yield (
        slot.zero,
        f"channel {chosen} delivers nothing but zeros",
        "speak while the meter runs; if another channel moves, set channel under [microphone] to it",
    )
    yield (
        slot.stuck,
        f"channel {chosen} is stuck at {slot.offset:.3f} of full scale",
        "check the microphone's data wire, and that it has power",
    )


def _speaks(slot: Slot) -> bool:
    return not slot.zero and not slot.stuck and slot.contrast_db >= SPEECH_OVER_ROOM_DB


def _wrong_levels(slot: Slot, listening: Listening) -> Iterator[Complaint]:
    gain = _advised_gain_db(slot)
    yield (
        slot.flat_tops >= FLAT_TOPS,
        "the microphone clips: its own amplification is too high",
        "lower the capture volume of the card with `alsamixer`, or stand further away",
    )
    yield (
        not _speaks(slot),
        f"nothing louder than the room was heard ({slot.speech_dbfs:.0f} dBFS, the room {slot.room_dbfs:.0f} dBFS)",
        "speak for as long as the meter asks; if you did, check the card's capture volume with `alsamixer`",
    )
    yield (
        slot.peak_dbfs + listening.gain_db > 0,
        f"the gain of {listening.gain_db:g} dB makes the voice clip",
        f"set gain_db = {gain:g} under [microphone]",
    )
    yield (
        slot.speech_dbfs + listening.gain_db < QUIET_DBFS,
        f"the voice is too quiet: {slot.speech_dbfs + listening.gain_db:.0f} dBFS after the gain",
        f"set gain_db = {gain:g} under [microphone]",
    )
    yield (
        slot.contrast_db < NOISY_DB,
        f"the voice is only {slot.contrast_db:.0f} dB louder than the room",
        "move the microphone away from fans and speakers, or nearer to where people speak",
    )


def _wrong_settings(slot: Slot, slots: tuple[Slot, ...], listening: Listening) -> Iterator[Complaint]:
    yield (
        abs(slot.offset) > LARGE_OFFSET and listening.opened.sample_format == "S16_LE",
        f"the microphone adds {slot.offset:.1%} of full scale to every sample",
        'set sample_format = "S32_LE" under [microphone], with which Pipit removes it',
    )
    speaking = [n for n, each in enumerate(slots) if _speaks(each)]
    yield (
        listening.channels < len(slots) and any(other.zero for other in slots),
        "the card has an empty channel, with which ALSA averages the voice away: it loses 6 dB",
        f"set channels = {len(slots)} and channel = {speaking[0] if speaking else 0} under [microphone]",
    )


def _advised_gain_db(slot: Slot) -> float:
    """What brings the loudest of it to TARGET_PEAK_DBFS, in whole dB; never an attenuation below what helps."""
    return float(np.clip(np.floor(TARGET_PEAK_DBFS - slot.peak_dbfs), -20.0, HIGHEST_GAIN_DB))


def _facts(slot: Slot, slots: tuple[Slot, ...], chosen: int) -> dict[str, float | int | bool]:
    return {
        "channel": chosen,
        "channels": len(slots),
        "room_dbfs": round(slot.room_dbfs, 1),
        "speech_dbfs": round(slot.speech_dbfs, 1),
        "peak_dbfs": round(slot.peak_dbfs, 1),
        "offset": round(slot.offset, 5),
        "flat_tops": slot.flat_tops,
        "advised_gain_db": _advised_gain_db(slot),
    }
