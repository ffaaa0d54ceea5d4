"""A speaker that may pause stops when there is nothing to hear; what comes next is heard from its first sample on."""

import pytest

from hardware.base import PcmFormat
from hardware.sound.alsa import AlsaSpeaker
from hardware.sound.card import DISCONNECTED
from hardware.sound.card_speaker import LOOK_S
from tests.hardware.sound.virtual_card import Time, VirtualPlayback, stepping

FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)
SECOND = 50  # periods
SILENCE = bytes(FORMAT.period_bytes)


class Source:
    """Says what the test puts into `to_say`, and is at rest when that is said and heard."""

    def __init__(self) -> None:
        self.to_say: list[bytes] = []
        self.on_stirred = lambda: None
        self.drops = 0
        self.resting = True

    def say(self, *periods: bytes) -> None:
        self.to_say += periods
        self.on_stirred()

    def at_rest(self) -> bool:
        return self.resting and not self.to_say

    def at_ease(self) -> bool:
        return False

    def next_period(self, frames: int) -> bytes:
        assert frames == FORMAT.period_frames
        return self.to_say.pop(0) if self.to_say else SILENCE

    def period_written(self, frames: int, delay_frames: int) -> None:
        pass

    def dropped(self) -> None:
        self.drops += 1


class Bench:
    def __init__(self, *, pauses: bool = True) -> None:
        self.time, self.source = Time(), Source()
        self.card = VirtualPlayback(self.time)
        self.asked = 0

        def may_pause() -> bool:
            self.asked += 1
            return pauses

        options = {"open_pcm": self.card, "retry_s": (60,), "clock": self.time, "pauses": may_pause}
        self.speaker = AlsaSpeaker("a card", FORMAT, self.source, **options)
        self.steps = stepping(self.speaker, self.time)
        self.source.on_stirred = self.speaker._stirred

    def run(self, seconds: float) -> int:
        """How often the thread was woken."""
        wakes, end_s = self.time.wakes, self.time.now_s + seconds
        while self.time.now_s < end_s:
            self.speaker._step()
        return self.time.wakes - wakes

    def said(self) -> bytes:
        return b"".join(data for _, data in self.card.written if any(data))


def loud(number: int) -> bytes:
    return bytes([number]) * FORMAT.period_bytes


def test_a_second_of_silence_stops_the_stream_and_the_thread_sleeps():
    bench = Bench()
    bench.run(0.9)
    assert bench.card.drops == 0
    bench.run(2)
    assert bench.card.drops == 1
    assert bench.run(60) <= 60 / LOOK_S + 1
    assert (len(bench.card.written), bench.card.underruns) == (SECOND, 0)


def test_a_card_that_clicks_goes_on_in_silence():
    bench = Bench(pauses=False)
    assert bench.run(60) == pytest.approx(60 * SECOND, abs=2)
    assert (bench.card.drops, bench.asked) == (0, 1)


def test_what_comes_after_a_pause_is_written_at_once_from_its_first_sample_on():
    bench = Bench()
    for number in range(1, 6):
        bench.run(30.5)
        written = len(bench.card.written)
        now_s = bench.time.now_s
        bench.source.say(loud(number), loud(number))
        bench.speaker._step()  # which ends a sleep
        bench.speaker._step()
        at_s, data = bench.card.written[written]
        assert (at_s, data) == (now_s, loud(number))
    bench.run(1)
    assert bench.said() == b"".join(loud(number) * 2 for number in range(1, 6))
    assert bench.card.underruns == 0


def test_a_source_that_is_not_at_rest_keeps_the_stream_however_silent_it_is():
    bench = Bench()
    bench.source.resting = False
    bench.run(30)
    assert bench.card.drops == 0
    bench.source.resting = True
    bench.run(2)
    assert bench.card.drops == 1


def test_what_stirs_between_the_last_look_and_the_sleep_is_not_slept_through():
    bench = Bench()
    bench.run(0.9)
    drop = bench.card.drop

    def drop_and_say() -> int:
        bench.source.say(loud(1))
        return drop()

    bench.card.drop = drop_and_say
    while not bench.said():
        bench.speaker._step()
    assert bench.time.now_s < 1000 + 1.2


def test_the_source_is_told_that_the_card_holds_nothing_any_more():
    bench = Bench()
    bench.run(3)
    assert bench.source.drops == 1


def test_a_drop_during_a_pause_is_answered():
    bench = Bench()
    bench.run(3)
    bench.speaker.drop()
    bench.run(0.1)
    assert bench.source.drops == 2
    bench.run(10)
    assert bench.said() == b""


def test_a_card_that_is_unplugged_during_a_pause_is_lost_within_two_seconds():
    bench, happened = Bench(), []
    bench.speaker.on_lost = lambda: happened.append("lost")
    bench.run(3)
    bench.card.state_now = DISCONNECTED
    now_s = bench.time.now_s
    bench.speaker._step()
    assert happened == ["lost"]
    assert bench.speaker._card.pcm is None
    assert bench.time.now_s - now_s < LOOK_S + 60.1, "the pause before it is opened again"


def test_a_thread_that_pauses_does_not_stand_still():
    bench = Bench()
    bench.run(3)
    steps, now_s = bench.speaker._steps, bench.time.now_s
    while bench.time.now_s < now_s + 4.9:
        bench.speaker._step()
        bench.speaker._steps += 1
    assert bench.speaker._steps > steps
