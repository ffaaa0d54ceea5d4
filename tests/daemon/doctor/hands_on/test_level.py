"""Levels of known signals, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.doctor.hands_on.level import FLOOR_DBFS, LevelMeter, Listening, Slot, judge
from daemon.machine.finding import Finding, Verdict
from hardware.base import PcmFormat
from hardware.pcm_bytes import all_channels_of

RATE_HZ = 16_000


def pcm(channels: int = 1, sample_format: str = "S16_LE") -> PcmFormat:
    return PcmFormat(rate_hz=RATE_HZ, channels=channels, sample_format=sample_format, period_frames=320)


def sine(peak_dbfs: float, seconds: float = 2.0) -> np.ndarray:
    return 10 ** (peak_dbfs / 20) * np.sin(2 * np.pi * 450 * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)


def noise(rms_dbfs: float, seconds: float = 2.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 10 ** (rms_dbfs / 20), int(seconds * RATE_HZ))


def measured(*slots: np.ndarray, sample_format: str = "S16_LE", offset: float = 0.0) -> tuple[Slot, ...]:
    """A room of -80 dBFS for 1 s, then `slots` one beside the other; None of it in a slot of zeros."""
    pcm_format = pcm(len(slots), sample_format)
    quiet = np.stack([noise(-80, 1.0, seed=n) * bool(slot.any()) for n, slot in enumerate(slots)], axis=1)
    return measure(pcm_format, quiet, np.stack(slots, axis=1), offset)


def measure(pcm_format: PcmFormat, quiet: np.ndarray, loud: np.ndarray, offset: float = 0.0) -> tuple[Slot, ...]:
    meter = LevelMeter(pcm_format)
    for period in periods(quiet + offset, pcm_format):
        meter.add(period)
    meter.speech_begins()
    for period in periods(loud + offset, pcm_format):
        meter.add(period)
    return meter.slots()


def periods(values: np.ndarray, pcm_format: PcmFormat) -> list[bytes]:
    wide = pcm_format.sample_format == "S32_LE"
    top = 2.0**31 if wide else 2.0**15
    scaled = np.rint(values * top).clip(-top, top - (128 if wide else 1)).astype("<i4" if wide else "<i2")
    return [scaled[at : at + 320].tobytes() for at in range(0, len(scaled), 320)]


def said(
    *slots: np.ndarray, gain_db: float = 0.0, channel: int = 0, channels: int | None = None, offset: float = 0.0
) -> Finding:
    found = measured(*slots, offset=offset)
    return judge(found, Listening(channels or len(slots), channel, gain_db, pcm(len(slots))))


# The figures


@pytest.mark.parametrize("sample_format", ["S16_LE", "S32_LE"])
@pytest.mark.parametrize("offset", [0.0, 0.1])
def test_a_sine_of_a_known_level(sample_format: str, offset: float) -> None:
    (slot,) = measured(sine(-20), sample_format=sample_format, offset=offset)
    assert slot.peak_dbfs == pytest.approx(-20, abs=0.1)
    assert slot.speech_dbfs == pytest.approx(-23, abs=0.1)
    assert slot.room_dbfs == pytest.approx(-80, abs=1)
    assert slot.offset == pytest.approx(offset, abs=1e-4)
    assert (slot.zero, slot.stuck, slot.flat_tops) == (False, False, 0)


def test_24_bits_are_seen_where_16_would_be_zeros() -> None:
    (slot,) = measured(sine(-110), sample_format="S32_LE")
    assert slot.peak_dbfs == pytest.approx(-72, abs=15), "the room's noise peaks above the sine"
    (soft,) = measure(pcm(sample_format="S32_LE"), np.zeros((RATE_HZ, 1)), sine(-110)[:, None])
    assert soft.speech_dbfs == pytest.approx(-113, abs=1)


def test_speech_with_pauses_counts_by_its_loud_part() -> None:
    syllables = sine(-20) * (np.arange(2 * RATE_HZ) % 8_000 < 3_000)
    (slot,) = measured(syllables)
    assert slot.speech_dbfs == pytest.approx(-23, abs=0.5)


def test_full_scale_is_one() -> None:
    frames = all_channels_of(np.array([[-(2**31)], [2**30]], "<i4").tobytes(), pcm(sample_format="S32_LE"))
    assert frames.tolist() == [[-1.0], [0.5]]


def test_a_meter_that_heard_nothing_has_no_levels() -> None:
    meter = LevelMeter(pcm())
    assert meter.rms_dbfs == ()
    with pytest.raises(ValueError, match="quiet room"):
        meter.slots()


def test_zeros_are_the_floor() -> None:
    meter = LevelMeter(pcm())
    meter.add(bytes(640))
    assert meter.rms_dbfs == (FLOOR_DBFS,)


# The words


def test_a_voice_at_a_good_level() -> None:
    finding = said(sine(-20))
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["speech_dbfs"] == pytest.approx(-23, abs=0.2)


def test_nothing_but_zeros() -> None:
    finding = said(np.zeros(RATE_HZ), np.zeros(RATE_HZ))
    assert finding.verdict is Verdict.BAD
    assert "zeros" in finding.sentence
    assert "mute" in finding.fix


def test_the_voice_is_in_the_other_slot() -> None:
    finding = said(np.zeros(2 * RATE_HZ), sine(-40), channels=1)
    assert finding.verdict is Verdict.BAD
    assert finding.fix == "set channels = 2 and channel = 1 under [microphone]"


def test_the_voice_is_in_the_other_slot_and_this_one_has_noise() -> None:
    finding = said(noise(-80), sine(-40))
    assert "channel = 1 " in finding.fix


def test_one_of_two_voices_is_enough() -> None:
    assert said(sine(-20), sine(-14)).verdict is Verdict.GOOD, "both hear it: the chosen one stays"


def test_a_stuck_line() -> None:
    finding = judge(
        measure(pcm(), np.full((RATE_HZ, 1), 0.25), np.full((RATE_HZ, 1), 0.25)), Listening(1, 0, 0.0, pcm())
    )
    assert finding.verdict is Verdict.BAD
    assert "stuck at 0.250" in finding.sentence


def test_clipping_before_the_gain() -> None:
    finding = said(sine(6).clip(-1, 1))
    assert finding.verdict is Verdict.WARNING
    assert "alsamixer" in finding.fix
    assert said(sine(-0.1)).facts["flat_tops"] == 0, "a loud sine is not clipped"


def test_clipping_by_the_gain() -> None:
    finding = said(sine(-20.5), gain_db=30)
    assert finding.fix == "set gain_db = 8 under [microphone]"


def test_too_quiet_and_the_gain_that_helps() -> None:
    finding = said(sine(-54.5), gain_db=0)
    assert finding.verdict is Verdict.WARNING
    assert finding.fix == "set gain_db = 42 under [microphone]"
    assert said(sine(-54.5), gain_db=42).verdict is Verdict.GOOD


def test_nobody_spoke() -> None:
    finding = said(noise(-80))
    assert "nothing louder than the room" in finding.sentence


def test_a_noisy_room() -> None:
    quiet, loud = noise(-40, 1.0), noise(-40) + sine(-27)
    finding = judge(measure(pcm(), quiet[:, None], loud[:, None]), Listening(1, 0, 0.0, pcm()))
    assert finding.verdict is Verdict.WARNING
    assert "louder than the room" in finding.sentence


def test_an_offset_that_nothing_removes() -> None:
    assert "S32_LE" in said(sine(-20), offset=0.1).fix


def test_an_empty_slot_that_alsa_would_average_in() -> None:
    finding = said(sine(-20), np.zeros(2 * RATE_HZ), channels=1)
    assert finding.verdict is Verdict.WARNING
    assert finding.fix == "set channels = 2 and channel = 0 under [microphone]"
