"""The user's sound: rates, odd bytes, windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.offline.session.activity import ActivityDetector, EnergyDetector, SpeechEnded, SpeechStarted
from daemon.offline.session.intake import AutomaticIntake, ManualIntake, SampleStream
from daemon.offline.wire.client_messages import AudioChunk, Detection
from daemon.sound.pcm import Samples


def tone(rate_hz: int, seconds: float = 1.0) -> Samples:
    return np.round(8000 * np.sin(2 * np.pi * 440 * np.arange(int(rate_hz * seconds)) / rate_hz)).astype(np.int16)


class TestSampleStream:
    @given(st.binary(max_size=64), st.lists(st.integers(0, 9), max_size=20))
    def test_cut_anywhere_it_is_bit_exact(self, data: bytes, sizes: list[int]) -> None:
        stream, samples, position = SampleStream(), [], 0
        for size in [*sizes, len(data)]:
            samples.append(stream.feed(AudioChunk(data[position : position + size])).tobytes())
            position += size
        assert b"".join(samples) == data[: len(data) // 2 * 2]

    @pytest.mark.parametrize("rate_hz", [8_000, 24_000, 44_100, 48_000])
    def test_other_rates_become_16_khz(self, rate_hz: int) -> None:
        stream, data = SampleStream(), tone(rate_hz).tobytes()
        pieces = [stream.feed(AudioChunk(data[i : i + 641], rate_hz)) for i in range(0, len(data), 641)]
        heard = np.concatenate([*pieces, stream.flush()])
        assert abs(len(heard) - 16_000) <= 1
        spectrum = np.abs(np.fft.rfft(heard[4_000:12_000])) / 4_000  # 2 Hz a bin
        assert spectrum[220] == pytest.approx(8_000, rel=0.01)
        assert np.delete(spectrum, range(215, 226)).max() < 8

    def test_a_change_of_rate_loses_nothing(self) -> None:
        stream = SampleStream()
        pieces = [stream.feed(AudioChunk(tone(48_000).tobytes(), 48_000)), stream.feed(AudioChunk(b"\1\0" * 5))]
        heard = np.concatenate(pieces)
        assert abs(len(heard) - 16_005) <= 1
        assert heard[-5:].tolist() == [1] * 5


class TestManual:
    def test_only_the_window_counts(self) -> None:
        intake = ManualIntake()
        assert intake.audio(AudioChunk(b"\1\0")) == []
        assert intake.activity_start() == [SpeechStarted()]
        intake.audio(AudioChunk(b"\2\0\3\0"))
        intake.audio(AudioChunk(b"\4\0"))
        [ended] = intake.activity_end()
        assert isinstance(ended, SpeechEnded)
        assert ended.audio.tolist() == [2, 3, 4]
        assert intake.audio(AudioChunk(b"\5\0")) == []

    def test_an_end_without_a_start_is_nothing(self) -> None:
        assert ManualIntake().activity_end() == []

    def test_a_second_start_begins_anew(self) -> None:
        intake = ManualIntake()
        intake.activity_start()
        intake.audio(AudioChunk(b"\1\0\1"))
        intake.activity_start()
        intake.audio(AudioChunk(b"\2\0"))
        [ended] = intake.activity_end()
        assert isinstance(ended, SpeechEnded)
        assert ended.audio.tolist() == [2]

    def test_an_empty_window_is_an_empty_turn(self) -> None:
        intake = ManualIntake()
        intake.activity_start()
        assert intake.stream_end() == []
        [ended] = intake.activity_end()
        assert isinstance(ended, SpeechEnded)
        assert len(ended.audio) == 0


class TestAutomatic:
    def test_marks_are_ignored_and_the_stream_end_is_not(self) -> None:
        intake = AutomaticIntake(ActivityDetector(Detection(), EnergyDetector()))
        assert intake.activity_start() == []
        assert intake.audio(AudioChunk(bytes(32_000))) == []
        assert intake.audio(AudioChunk(tone(48_000, 0.5).tobytes(), 48_000)) == [SpeechStarted()]
        assert intake.activity_end() == []
        [ended] = intake.stream_end()
        assert isinstance(ended, SpeechEnded)
        assert 8_000 <= len(ended.audio) <= 8_000 + 16_000 * 0.35
