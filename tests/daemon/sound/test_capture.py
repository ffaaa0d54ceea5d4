import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from daemon.sound.capture import CaptureConverter, DcBlock
from daemon.sound.pcm import Samples
from hardware.base import PcmFormat, SampleFormat
from hardware.pcm_bytes import bytes_of
from tests.daemon.sound.signals import cut, db, noise, rms, sinad_db, sine


def pcm(rate_hz: int = 16_000, channels: int = 1, sample_format: SampleFormat = "S16_LE") -> PcmFormat:
    return PcmFormat(
        rate_hz=rate_hz, channels=channels, sample_format=sample_format, period_frames=rate_hz * 20 // 1_000
    )


def convert(converter: CaptureConverter, frames: NDArray[np.generic], period_frames: int = 320) -> Samples:
    pieces = cut(frames, [period_frames] * (len(frames) // period_frames))  # type: ignore[arg-type]
    return np.concatenate([converter.convert(piece.tobytes()) for piece in pieces])


def wide(samples: Samples, scale: int = 65_536) -> NDArray[np.int32]:
    return samples.astype(np.int32) * scale


@given(st.binary(max_size=400).filter(lambda data: len(data) % 2 == 0))
def test_the_inner_format_comes_through_bit_for_bit(data: bytes) -> None:
    assert CaptureConverter(pcm()).convert(data).tobytes() == data


@pytest.mark.parametrize("channel", [0, 1, 3])
def test_one_slot_is_taken_and_not_the_mean(channel: int) -> None:
    frames = np.stack([noise(640, seed=seed) for seed in range(4)], axis=1)

    assert np.array_equal(convert(CaptureConverter(pcm(channels=4), channel=channel), frames), frames[:, channel])


def test_gain_comes_before_the_16_bits() -> None:
    whisper = wide(sine(440, 16_000, peak=3_000), scale=65_536 // 100)  # 40 dB down: 30 of 32,768 at its peak

    loud = convert(CaptureConverter(pcm(sample_format="S32_LE"), gain_db=40), whisper)

    assert abs(db(rms(loud) / rms(sine(440, 16_000, peak=3_000)))) < 0.1
    assert sinad_db(loud, 440, 16_000) > 70  # rounded to 16 bits first it would be 35


def test_too_much_gain_clips_and_never_wraps() -> None:
    loud = convert(CaptureConverter(pcm(), gain_db=20), sine(440, 16_000))

    assert (loud.max(), loud.min()) == (32_767, -32_768)
    assert np.array_equal(np.sign(loud[20:40]), np.sign(sine(440, 16_000)[20:40]))


def test_gain_can_be_negative() -> None:
    quiet = convert(CaptureConverter(pcm(), gain_db=-20), np.full(320, 10_000, np.int16))

    assert set(quiet.tolist()) == {1_000}


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
def test_any_rate_becomes_16_khz(rate_hz: int) -> None:
    samples = convert(CaptureConverter(pcm(rate_hz)), sine(1_000, rate_hz, seconds=2), rate_hz // 50)

    assert 31_000 <= len(samples) <= 32_000  # the rest is held back
    assert sinad_db(samples, 1_000, 16_000) > 80


def test_an_i2s_microphone_with_an_offset_is_heard_without_it() -> None:
    """Like an SPH0645 on a voiceHAT: 48 kHz, stereo, 32 bit, voice in the left slot, quiet and far off zero."""
    voice = wide(sine(500, 48_000, peak=100)) + 30_000_000
    frames = np.stack([voice, np.zeros_like(voice)], axis=1)

    samples = convert(CaptureConverter(pcm(48_000, 2, "S32_LE"), gain_db=30), frames, 960)

    settled = samples[4_000:]
    assert abs(float(settled.mean())) < 5
    assert abs(db(rms(settled) / rms(sine(500, 16_000, peak=100))) - 30) < 0.2
    assert np.abs(samples.astype(int)).max() < 6_000  # not even at the start does the offset thump


def test_16_bit_microphones_are_left_their_offset() -> None:
    offset = np.full(320, 500, np.int16)

    assert convert(CaptureConverter(pcm()), offset).tolist() == offset.tolist()
    assert not convert(CaptureConverter(pcm(), dc_block=True), offset).any()


def test_the_dc_block_is_the_recursion_it_says_it_is() -> None:
    values = noise(5_000).astype(np.float32) + 3_000
    pole = np.exp(-2 * np.pi * 20 / 16_000)
    mean = float(values[:1_600].mean())
    expected = []
    for value in values:
        mean = pole * mean + (1 - pole) * float(value)
        expected.append(float(value) - mean)

    assert np.allclose(DcBlock().process(values), expected, atol=0.01)


@given(st.lists(st.integers(0, 2_000), max_size=8))
def test_the_dc_block_does_not_depend_on_the_periods(sizes: list[int]) -> None:
    values = noise(8_000).astype(np.float32)
    whole, pieces = DcBlock(), DcBlock()
    whole.process(values[:100])
    pieces.process(values[:100])

    parts = [pieces.process(piece.astype(np.float32)) for piece in cut(noise(8_000), sizes)]

    assert np.allclose(np.concatenate(parts), whole.process(values), atol=0.01)


def test_speech_passes_the_dc_block() -> None:
    for pitch_hz in (100, 1_000):
        tone = sine(pitch_hz, 16_000).astype(np.float32)
        assert abs(db(rms(DcBlock().process(tone)[8_000:]) / rms(tone[8_000:]))) < 0.3


@pytest.mark.parametrize("channel", [-1, 2])
def test_a_slot_that_does_not_exist_is_refused(channel: int) -> None:
    with pytest.raises(ValueError, match=f"channel {channel} does not exist: there are 2"):
        CaptureConverter(pcm(channels=2), channel=channel)


def test_half_a_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="6 bytes is not whole frames of 4"):
        CaptureConverter(pcm(channels=2)).convert(bytes(6))


@pytest.mark.parametrize("sample_format", ["S24_3LE", "S24_LE", "S32_LE", "FLOAT_LE"])
def test_a_whisper_far_off_zero_is_the_same_in_every_format(sample_format: SampleFormat) -> None:
    """40 dB under what 16 bits would make of it at all, in the third of six channels: gain and DC block come first."""
    voice = sine(440, 48_000, peak=3_000) / 100 + 700
    card = pcm(48_000, 6, sample_format)
    mono = dataclasses.replace(card, channels=1)
    size = mono.frame_bytes
    one = np.frombuffer(bytes_of(voice, mono), np.uint8).reshape(-1, size)
    other = np.frombuffer(bytes_of(np.full(len(voice), 9_000.0), mono), np.uint8).reshape(-1, size)
    frames = np.concatenate((other, other, one, other, other, other), axis=1)

    loud = convert(CaptureConverter(card, channel=2, gain_db=40), frames, 960)[8_000:]

    assert abs(db(rms(loud) / rms(sine(440, 16_000, peak=3_000)))) < 0.1
    assert sinad_db(loud, 440, 16_000) > 60


def test_a_card_of_floats_that_says_what_is_no_number_is_heard_again_after_it() -> None:
    converter = CaptureConverter(pcm(48_000, sample_format="FLOAT_LE"))
    converter.convert(np.full(960, np.nan, "<f4").tobytes())
    heard = [converter.convert((sine(440, 48_000)[:960] / 32_768).astype("<f4").tobytes()) for _ in range(20)]

    assert rms(np.concatenate(heard[10:])) > 10_000
