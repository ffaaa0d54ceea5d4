"""How often anything wakes up in a second of a quiet room: counted, on cards in a time of their own.

The microphone's thread, the wake worker's, the loop and the speaker's, of a card that may not pause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.hearing.sound_intake import HOP_SAMPLES, Intake
from daemon.sound.capture import CaptureConverter
from daemon.sound.echo.loopback import Loopback
from daemon.sound.echo.overheard_source import OverheardSource
from daemon.sound.pcm import CAPTURE_RATE_HZ, silence
from daemon.sound.playout import Drained, Playout, PlayoutNotice
from daemon.wake.early_gate import EarlyGate
from daemon.wake.quiet_gate import QuietGate
from hardware.base import PcmFormat
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker
from hardware.sound.strides import wanted_periods
from tests.hardware.sound.virtual_card import Time, VirtualCapture, VirtualPlayback, stepping

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

SECONDS = 60
FORMATS = [
    PcmFormat(rate_hz=16_000, period_frames=320),
    PcmFormat(rate_hz=48_000, channels=2, sample_format="S32_LE", period_frames=960),
]


class Worker:
    """Counts how often it is woken, and keeps what it is given."""

    def __init__(self) -> None:
        self.wakes = 0
        self.given: list[tuple[int, Samples, float]] = []
        self.time = Time()

    def hear(self, samples: Samples, at: int) -> None:
        self.wakes += 1
        self.given.append((at, samples, self.time.now_s))


class House:
    """A room as one microphone hears it; `television` says when somebody talks, by the second."""

    def __init__(self, format_: PcmFormat, *, television: range = range(0)) -> None:
        self.time, self.worker, self.gate = Time(), Worker(), EarlyGate(QuietGate())
        self.worker.time = self.time
        self._random = np.random.default_rng(1)
        self._television = television
        self.format = format_
        self.card = VirtualCapture(self.time, self._hear, coarse=False)
        self.microphone = AlsaMicrophone("a card", format_, open_pcm=self.card, clock=self.time)
        self.steps = stepping(self.microphone, self.time)
        self.intake = Intake(CaptureConverter(format_), format_.rate_hz, self.gate, self.worker, self.time)
        self.microphone._taker = self.intake
        self.heard: list[Samples] = []
        self.intake.attend(attentive=False, watching=False)

    def _hear(self, number: int) -> bytes:
        rms = 1_500 if number // 50 in self._television else 5
        values = self._random.normal(0, rms, self.format.period_frames).round()
        width, scale = ("<i4", 65_536) if self.format.sample_format == "S32_LE" else ("<i2", 1)
        return (values * scale).astype(width).repeat(self.format.channels).tobytes()

    def run(self, seconds: float) -> dict[str, float]:
        """Wake-ups a second, by who is woken; the loop collects what it is told of."""
        before, loop, worker = self.time.wakes, 0, self.worker.wakes
        begin_s = self.time.now_s
        while self.time.now_s < begin_s + seconds:
            told = self.steps.loop_wakes
            self.microphone._step()
            if self.steps.loop_wakes > told:
                loop += 1
                self.microphone._announced = False
                self.heard.append(self.intake.collect()[0])
        counts = {"microphone": self.time.wakes - before, "worker": self.worker.wakes - worker, "loop": loop}
        return {who: count / seconds for who, count in counts.items()}


class Voice:
    """What is played, and what the judge of echoes knows of it, on a card that clicks when it starts."""

    def __init__(self) -> None:
        self.time, self.notices = Time(), list[PlayoutNotice]()
        self.format = PcmFormat(rate_hz=CAPTURE_RATE_HZ, period_frames=320)
        self.playout = Playout(self.format, volume=1.0, notify=self.notices.append)
        self.loopback = Loopback(self.format.rate_hz)
        source = OverheardSource(self.playout, self.format, self.loopback, self.time)
        self.card = VirtualPlayback(self.time, periods=wanted_periods(self.format))
        self.speaker = AlsaSpeaker("a card", self.format, source, open_pcm=self.card, clock=self.time)
        self.steps = stepping(self.speaker, self.time)
        self.playout.ease(True)

    def run(self, seconds: float) -> float:
        """Wake-ups a second. The microphone's thread tells the loopback every hop what was captured."""
        before, begin_s = self.time.wakes, self.time.now_s
        while self.time.now_s < begin_s + seconds:
            self.speaker._step()
            self.loopback.captured(self.captured, self.time.now_s)
        return (self.time.wakes - before) / seconds

    @property
    def captured(self) -> float:
        return (self.time.now_s - 1000) * CAPTURE_RATE_HZ

    def heard(self) -> Samples:
        """All that was given to the card, from the moment on at which it began to play."""
        return np.frombuffer(b"".join(data for _, data in self.card.written), "<i2")


@pytest.mark.parametrize("format_", FORMATS, ids=["16 kHz", "48 kHz"])
def test_in_a_quiet_room_all_of_them_wake_up_less_than_thirty_times_a_second(format_: PcmFormat) -> None:
    house = House(format_)
    house.run(5)
    rates = house.run(SECONDS)
    assert rates["loop"] <= 0.6
    assert rates["worker"] <= 0.6
    voice = Voice()
    voice.run(5)
    assert sum(rates.values()) + voice.run(SECONDS) < 30


@pytest.mark.parametrize("format_", FORMATS, ids=["16 kHz", "48 kHz"])
def test_a_television_wakes_the_worker_once_a_hop_and_the_loop_no_oftener(format_: PcmFormat) -> None:
    house = House(format_, television=range(3_600))
    house.run(5)
    rates = house.run(SECONDS)
    assert rates["loop"] <= 0.6
    assert rates["worker"] <= 12.6
    assert sum(rates.values()) + Voice().run(SECONDS) < 45


@pytest.mark.parametrize("format_", FORMATS, ids=["16 kHz", "48 kHz"])
def test_nothing_is_lost_and_little_is_late_when_the_gate_opens(format_: PcmFormat) -> None:
    """The first voice may fall anywhere in what is being gathered."""
    house = House(format_, television=range(7, 3_600, 11))
    house.run(SECONDS)
    house.intake.finish()
    house.heard.append(house.intake.collect()[0])
    worker = np.concatenate([samples for _, samples, _ in house.worker.given])
    assert [at for at, *_ in house.worker.given] == [0, *np.cumsum([len(s) for _, s, _ in house.worker.given])[:-1]]
    assert np.array_equal(worker, np.concatenate(house.heard))
    assert len(worker) >= (SECONDS - 0.2) * CAPTURE_RATE_HZ
    for at, samples, now_s in house.worker.given[:-1]:
        end_s = 1000 + (at + len(samples)) / CAPTURE_RATE_HZ
        assert now_s - end_s < 0.023, "a period, and what the resampler holds back"


def test_the_worker_is_woken_by_the_hop_that_opens_the_gate() -> None:
    house = House(FORMATS[0], television=range(9, 10))
    house.run(9)
    quiet = len(house.worker.given)
    house.run(0.2)
    at, samples, _ = house.worker.given[quiet]
    end = at + len(samples)
    assert 9 * CAPTURE_RATE_HZ < end <= 9 * CAPTURE_RATE_HZ + 2 * HOP_SAMPLES


def tune(seconds: float) -> Samples:
    return np.random.default_rng(2).integers(1, 9_000, int(seconds * CAPTURE_RATE_HZ)).astype(np.int16)


@pytest.mark.parametrize("alone", [True, False], ids=["from rest", "in a conversation"])
def test_what_the_microphone_hears_of_the_speaker_is_known_to_the_sample(alone: bool) -> None:
    voice = Voice()
    for number in range(5):
        voice.playout.ease(alone)
        voice.run(20 + 0.0137 * number)
        voice.playout.play_sound(tune(1.5))
        voice.run(1)
        assert voice.loopback.sounds_at(voice.captured)
        now = round(voice.captured)
        reference, lacking = voice.loopback.read(now - 3_200, 3_200, early=0)
        played = voice.heard()[now - 3_200 : now]
        assert (lacking, np.count_nonzero(played)) == (0, 3_200)
        off = np.flatnonzero([np.array_equal(np.roll(played, by)[64:-64], reference[64:-64]) for by in range(-40, 40)])
        assert len(off) == 1, "within 2.5 ms"
    assert voice.loopback.jumps == 0
    assert voice.card.underruns == 0


def test_of_a_reply_in_long_strides_what_was_heard_is_known() -> None:
    """It ends, or is cut, where it does: the card's own account is asked."""
    voice = Voice()
    voice.run(10)
    voice.playout.ease(False)
    voice.playout.expect(1)
    voice.playout.play(1, tune(3).tobytes(), CAPTURE_RATE_HZ)
    voice.playout.finish(1)
    assert voice.run(2) < 16
    passed = voice.card.passed
    heard = np.count_nonzero(voice.heard()[:passed])
    assert abs(voice.playout.heard_samples(1) * 2 / 3 - heard) <= CAPTURE_RATE_HZ * 0.08
    voice.run(2)
    assert voice.notices == [Drained(1, pytest.approx(72_000, abs=400))]


def test_a_reply_is_cut_at_once_however_much_was_written_of_it() -> None:
    voice = Voice()
    voice.playout.ease(False)
    voice.playout.expect(1)
    voice.playout.play(1, tune(3).tobytes(), CAPTURE_RATE_HZ)
    voice.run(1)
    now_s = voice.time.now_s
    voice.playout.flush()
    voice.speaker.drop()
    voice.speaker._step()
    assert (voice.card.drops, voice.time.now_s) == (1, now_s)
    written = len(voice.card.written)
    voice.run(5)
    assert not any(any(data) for _, data in voice.card.written[written:])


def test_silence_of_its_own_is_no_sound_of_the_speaker() -> None:
    voice = Voice()
    voice.run(30)
    assert np.array_equal(voice.heard(), silence(len(voice.heard())))
    assert not voice.loopback.sounds_at(voice.captured)
