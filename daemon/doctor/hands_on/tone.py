"""A sound that no room makes, and how to find it in what a microphone heard. Pure: samples in, figures out.

It is a rising and a falling sweep and then a steady tone. The sweeps are found by correlation: both must be there, the
right time apart, which speech and music are not by chance. The tone tells level and distortion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW_HZ: Final = 500.0
HIGH_HZ: Final = 3_400.0
"""What the smallest speaker gives and every microphone hears."""
SWEEP_S: Final = 0.3
PAUSE_S: Final = 0.2
TONE_HZ: Final = 1_000.0
TONE_S: Final = 0.5
EDGE_S: Final = 0.02
PEAK: Final = 10 ** (-9 / 20)
"""Of full scale, before the volume of the settings."""
LENGTH_S: Final = 2 * (SWEEP_S + PAUSE_S) + TONE_S

FAINT: Final = 10 ** (-80 / 20)
"""Of full scale: what is fainter than this is not looked at."""

SURE: Final = 0.2
"""Likeness from which the sound was heard. In 9 min of recorded speech, music and noise, tried at every speed, chance
stayed below 0.11; the sound itself gives 0.58 when it is as loud as white noise in the room, 0.21 when 10 dB below."""
SLACK_SAMPLES: Final = 8
"""How much further apart the sweeps may be heard than they were played: half a millisecond, for clocks that differ."""

SPEEDS: Final = (1.0, 2.0, 0.5, 3.0, 1 / 3, 1.5, 2 / 3, 48_000 / 44_100, 44_100 / 48_000)
"""At which a card may play if it takes another rate than it was told; 1 is as it should be. Some speakerphones do."""


@dataclass(frozen=True)
class Heard:
    """The sound as it was found. `delay_samples` (at 16 kHz) are from when it was to be played to its first sample."""

    delay_samples: int
    certainty: float
    """How like the two sweeps it is, 0 to 1; at least `SURE`."""
    speed: float
    """1, unless the card plays at another rate than it was told."""
    level_dbfs: float
    """RMS of the steady tone."""
    over_room_db: float
    """How much louder the sweeps are than what was before them."""
    distortion: float
    """Amplitude of the tone's harmonics, as a part of the tone; what the room has at their pitch is left out."""
    clipped_samples: int


def probe_sound(rate_hz: int, speed: float = 1.0) -> NDArray[np.float64]:
    """The sound at `rate_hz`, full scale ±1.0, as it is heard if the card plays at `speed`; shape (n,)."""
    pause = np.zeros(round(PAUSE_S * rate_hz / speed))
    up = _sweep(LOW_HZ, HIGH_HZ, rate_hz, speed)
    down = _sweep(HIGH_HZ, LOW_HZ, rate_hz, speed)
    return np.concatenate((up, pause, down, pause, _sweep(TONE_HZ, TONE_HZ, rate_hz, speed, TONE_S)))


def _sweep(from_hz: float, to_hz: float, rate_hz: int, speed: float, length_s: float = SWEEP_S) -> NDArray[np.float64]:
    samples = round(length_s * rate_hz / speed)
    seconds = np.arange(samples) / rate_hz * speed
    turns = from_hz * seconds + (to_hz - from_hz) * seconds**2 / (2 * length_s)
    edge = round(EDGE_S * rate_hz / speed)
    ramp = (1 - np.cos(np.pi * np.arange(edge) / edge)) / 2
    wave = PEAK * np.sin(2 * np.pi * turns)
    wave[:edge] *= ramp
    wave[samples - edge :] *= ramp[::-1]
    return wave


def find(captured: Samples, played_at: int) -> Heard | None:
    """Look for the sound in `captured` (16 kHz) from `played_at` on; None if it is not in it.

    What is before `played_at` must be the room without it, a tenth of a second at least.
    """
    values = captured.astype(np.float64) / 32_768
    after, room = values[played_at:], values[:played_at]
    as_told, *other = SPEEDS
    delay, certainty, speed = _locate(after, as_told)
    if certainty < SURE:
        delay, certainty, speed = max((_locate(after, factor) for factor in other), key=lambda place: place[1])
    if certainty < SURE:
        return None
    sweep = round(SWEEP_S * CAPTURE_RATE_HZ / speed)
    pause = round(PAUSE_S * CAPTURE_RATE_HZ / speed)
    tone_at = delay + 2 * (sweep + pause)
    whole = captured[played_at + delay : played_at + tone_at + round(TONE_S * CAPTURE_RATE_HZ / speed)]
    amplitude, distortion = _tone(after[tone_at:], speed, room)
    return Heard(
        delay_samples=delay,
        certainty=certainty,
        speed=speed,
        level_dbfs=20 * float(np.log10(max(amplitude / np.sqrt(2), 1e-9))),
        over_room_db=_over(after[delay : delay + sweep], room),
        distortion=distortion,
        clipped_samples=int((np.abs(whole.astype(np.int32)) >= 32_767).sum()),
    )


def _locate(values: NDArray[np.float64], speed: float) -> tuple[int, float, float]:
    """Where the sound begins if it was played at `speed`, how certainly, and `speed`."""
    up = _sweep(LOW_HZ, HIGH_HZ, CAPTURE_RATE_HZ, speed)
    down = _sweep(HIGH_HZ, LOW_HZ, CAPTURE_RATE_HZ, speed)
    apart = len(up) + round(PAUSE_S * CAPTURE_RATE_HZ / speed)
    places = len(values) - apart - len(down) - SLACK_SAMPLES
    if places <= 0:
        return 0, 0.0, speed
    rising, falling = _likeness(values, up), _likeness(values, down)
    wide = falling[apart - SLACK_SAMPLES : apart + places + SLACK_SAMPLES]
    near = np.lib.stride_tricks.sliding_window_view(wide, 2 * SLACK_SAMPLES + 1).max(axis=1)[:places]
    both = np.minimum(rising[:places], near)
    best = int(np.argmax(both))
    return best, float(both[best]), speed


def _likeness(values: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """How like `wanted` is what begins at each place, 0 to 1; the sign, which an amplifier may turn, is left out."""
    length = 1 << (len(values) + len(wanted) - 1).bit_length()
    spectrum = np.fft.rfft(values, length) * np.conj(np.fft.rfft(wanted, length))
    common = np.abs(np.fft.irfft(spectrum, length)[: len(values)])
    energy = np.concatenate(([0.0], np.cumsum(np.square(values))))
    ends = np.minimum(np.arange(len(values)) + len(wanted), len(values))
    here = np.maximum(energy[ends] - energy[: len(values)], len(wanted) * FAINT**2)
    alike: NDArray[np.float64] = common / np.sqrt(here * np.sum(np.square(wanted)))
    return alike


def _tone(values: NDArray[np.float64], speed: float, room: NDArray[np.float64]) -> tuple[float, float]:
    """Amplitude of the tone in the middle of its time, and of its harmonics as a part of it."""
    length = round(0.6 * TONE_S * CAPTURE_RATE_HZ / speed)
    start = round(0.2 * TONE_S * CAPTURE_RATE_HZ / speed)
    middle = values[start : start + length]
    pitch_hz = TONE_HZ * speed
    amplitude = _goertzel(middle, pitch_hz)
    harmonics_hz = [pitch_hz * n for n in (2, 3, 4, 5) if pitch_hz * n < CAPTURE_RATE_HZ / 2 * 0.9]
    own = [max(0.0, _goertzel(middle, hz) - _goertzel(room[-length:], hz)) for hz in harmonics_hz]
    return amplitude, float(np.sqrt(np.sum(np.square(own)))) / amplitude if amplitude > 0 else 0.0


def _goertzel(values: NDArray[np.float64], pitch_hz: float) -> float:
    """Amplitude of what has this pitch in `values`, under a Hann window."""
    if not len(values):
        return 0.0
    window = np.hanning(len(values))
    turn = np.exp(-2j * np.pi * pitch_hz * np.arange(len(values)) / CAPTURE_RATE_HZ)
    return float(2 * abs(np.sum(values * window * turn)) / max(window.sum(), 1e-9))


def _over(sound: NDArray[np.float64], room: NDArray[np.float64]) -> float:
    """Power of `sound` without the room's, over the room's, in dB; bounded, for a fake room may be silent."""
    room_power = max(float(np.mean(np.square(room - room.mean()))), 1e-12) if len(room) else 1e-12
    power = max(float(np.mean(np.square(sound - sound.mean()))) - room_power, 1e-12)
    return 10 * float(np.log10(power / room_power))
