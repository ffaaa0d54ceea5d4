"""Where turns start and end when the server has to find them."""

import numpy as np
import pytest

from daemon.offline.session.activity import (
    HOP_SAMPLES,
    ActivityDetector,
    EnergyDetector,
    SpeechEnded,
    SpeechStarted,
)
from daemon.offline.wire.client_messages import Detection
from daemon.sound.pcm import Samples, samples_of_ms, silence

ROOM = 40  # amplitude of a quiet room's noise: about -63 dBFS


class Levels:
    """A detector that reads the probability off the sound: the first sample of each hop, in percent."""

    def __init__(self) -> None:
        self._rest = silence(0)

    def process(self, samples: Samples) -> list[float]:
        pending = np.concatenate((self._rest, samples))
        whole = len(pending) // HOP_SAMPLES * HOP_SAMPLES
        self._rest = pending[whole:]
        return [float(hop[0]) / 100 for hop in pending[:whole].reshape(-1, HOP_SAMPLES)]


def hops(percent: int, count: int) -> Samples:
    return np.full(count * HOP_SAMPLES, percent, np.int16)


def noise(level: int, ms: float, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).normal(0, level, samples_of_ms(ms)).astype(np.int16)


def detector(**settings: int) -> ActivityDetector:
    return ActivityDetector(Detection(**{"prefix_padding_ms": 64, "silence_duration_ms": 96} | settings), Levels())  # type: ignore[arg-type]


class TestTurns:
    def test_from_padding_to_silence(self) -> None:
        subject = detector()
        assert subject.process(hops(0, 20)) == []
        assert subject.process(hops(90, 1)) == []  # 32 of 64 ms
        assert subject.process(hops(90, 1)) == [SpeechStarted()]
        assert subject.process(hops(90, 5)) == []
        assert subject.process(hops(0, 2)) == []
        [ended] = subject.process(hops(0, 1))
        assert isinstance(ended, SpeechEnded)
        spoken = ended.audio.reshape(-1, HOP_SAMPLES)[:, 0].tolist()
        assert spoken[-10:] == [90] * 7 + [0] * 3
        assert 0 < len(spoken) - 10 <= 11  # what came before, but no more than the lead-in

    def test_a_click_is_no_speech_and_a_breath_no_end(self) -> None:
        subject = detector()
        assert subject.process(np.concatenate((hops(90, 1), hops(0, 1), hops(90, 1), hops(0, 5)))) == []
        assert subject.process(hops(90, 2)) == [SpeechStarted()]
        assert subject.process(np.concatenate((hops(0, 2), hops(90, 1), hops(0, 2)))) == []

    def test_two_turns(self) -> None:
        subject = detector()
        turn = np.concatenate((hops(90, 4), hops(0, 3)))
        kinds = [type(event) for event in subject.process(np.concatenate((turn, turn)))]
        assert kinds == [SpeechStarted, SpeechEnded] * 2

    @pytest.mark.parametrize("size", [1, 160, 320, 511, 513, 4000])
    def test_however_the_stream_is_cut(self, size: int) -> None:
        stream = np.concatenate((hops(0, 9), hops(90, 4), hops(0, 6), hops(90, 3), hops(0, 3)))
        whole = detector().process(stream)
        subject = detector()
        pieces = [event for i in range(0, len(stream), size) for event in subject.process(stream[i : i + size])]
        assert [type(event) for event in pieces] == [type(event) for event in whole]
        for ours, theirs in zip(pieces, whole, strict=True):
            if isinstance(ours, SpeechEnded) and isinstance(theirs, SpeechEnded):
                np.testing.assert_array_equal(ours.audio, theirs.audio)

    def test_the_end_of_the_stream_ends_the_turn(self) -> None:
        subject = detector()
        subject.process(hops(90, 4))
        [ended] = subject.stream_end()
        assert len(ended.audio) == 4 * HOP_SAMPLES
        assert subject.stream_end() == []

    def test_sensitivity_sets_the_threshold(self) -> None:
        high = ActivityDetector(Detection("HIGH"), Levels())
        low = ActivityDetector(Detection("LOW"), Levels())
        assert high.process(hops(60, 1)) == [SpeechStarted()]
        assert low.process(hops(60, 9)) == []
        assert low.process(hops(80, 1)) == [SpeechStarted()]


class TestEnergy:
    def test_speech_stands_out_of_the_room(self) -> None:
        subject = EnergyDetector()
        assert sum(subject.process(noise(ROOM, 1984))) == 0
        assert min(subject.process(noise(3000, 960))) == 1
        assert sum(subject.process(noise(ROOM, 960))) == 0

    def test_a_loud_room_becomes_background(self) -> None:
        subject = EnergyDetector()
        subject.process(noise(ROOM, 960))
        subject.process(noise(800, 4000))
        assert sum(subject.process(noise(800, 960, seed=2))) == 0

    def test_digital_silence(self) -> None:
        assert EnergyDetector().process(silence(HOP_SAMPLES * 3)) == [0.0, 0.0, 0.0]
