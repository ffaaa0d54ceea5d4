"""A source at ease is asked for several periods at once; no other is heard a period later than on a small card."""

import pytest

from hardware.base import PcmFormat
from hardware.sound.alsa import AlsaSpeaker
from tests.hardware.sound.virtual_card import Time, VirtualPlayback, stepping

FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)
PERIOD_S = 0.02
LOUD = b"\1" * FORMAT.period_bytes


class Source:
    """Says what the test puts into `to_say`, and is at ease while the test says so and nothing is left."""

    def __init__(self) -> None:
        self.to_say = b""
        self.easy = True
        self.on_stirred = lambda: None
        self.drops = 0
        self.held: list[int] = []
        self.written = 0

    def at_rest(self) -> bool:
        return not self.to_say

    def at_ease(self) -> bool:
        return self.easy and self.at_rest()

    def next_period(self, frames: int) -> bytes:
        size = frames * FORMAT.frame_bytes
        now, self.to_say = self.to_say[:size], self.to_say[size:]
        return now.ljust(size, b"\0")

    def period_written(self, frames: int, delay_frames: int) -> None:
        self.written += frames
        self.held.append(delay_frames)

    def dropped(self) -> None:
        self.drops += 1


class Bench:
    def __init__(self, *, periods: int = 8, coarse: bool = False, pauses: bool = False) -> None:
        self.time, self.source = Time(), Source()
        self.card = VirtualPlayback(self.time, periods=periods, coarse=coarse)
        options = {"open_pcm": self.card, "retry_s": (60,), "clock": self.time, "pauses": lambda: pauses}
        self.speaker = AlsaSpeaker("a card", FORMAT, self.source, **options)
        self.steps = stepping(self.speaker, self.time)

    def run(self, seconds: float) -> int:
        """How often the thread was woken."""
        wakes, end_s = self.time.wakes, self.time.now_s + seconds
        while self.time.now_s < end_s:
            self.speaker._step()
        return self.time.wakes - wakes

    def heard_after_s(self) -> float:
        """From now until what is said now begins to be heard."""
        now_s, self.source.to_say = self.time.now_s, LOUD
        assert self.card.began_s is not None
        while not (said := [number for number, (_, data) in enumerate(self.card.written) if any(data)]):
            self.speaker._step()
        before = sum(len(data) for _, data in self.card.written[: said[0]])
        return self.card.began_s + before / FORMAT.period_bytes * PERIOD_S - now_s

    def least_held_s(self) -> float:
        """What the card had left at the worst moment, once it had been filled."""
        assert self.card.began_s is not None
        left, given = [], 0
        for at_s, data in self.card.written:
            left.append(self.card.began_s + given / FORMAT.period_bytes * PERIOD_S - at_s)
            given += len(data)
        return min(left[10:])


@pytest.mark.parametrize("coarse", [False, True])
def test_at_ease_the_thread_wakes_up_twelve_times_a_second(coarse: bool) -> None:
    bench = Bench(coarse=coarse)
    bench.run(1)
    assert bench.run(60) <= 60 * 12.6
    assert bench.card.underruns == 0


@pytest.mark.parametrize(("periods", "wakes"), [(4, 50), (5, 50), (6, 25), (7, 16.7), (20, 12.5)])
def test_a_card_with_less_room_is_written_to_oftener_and_no_larger_one_is_kept_fuller(
    periods: int, wakes: float
) -> None:
    bench = Bench(periods=periods)
    bench.run(1)
    assert bench.run(60) / 60 == pytest.approx(wakes, rel=0.02)
    assert bench.card.underruns == 0
    assert max(bench.source.held) <= 7 * FORMAT.period_frames


@pytest.mark.parametrize(("coarse", "least_s"), [(False, 3 * PERIOD_S), (True, 2 * PERIOD_S)])
@pytest.mark.parametrize("easy", [False, True])
def test_the_card_never_holds_less_than_three_periods(coarse: bool, easy: bool, least_s: float) -> None:
    """One less where the card tells by whole periods what it has played."""
    bench = Bench(coarse=coarse)
    bench.source.easy = easy
    bench.run(30)
    assert bench.least_held_s() >= least_s - 1e-6


def test_a_source_that_is_not_at_ease_is_heard_as_soon_as_on_a_small_card() -> None:
    small, large = Bench(periods=4), Bench()
    for bench in (small, large):
        bench.source.easy = False
        bench.run(10.013)
        assert bench.heard_after_s() <= 4 * PERIOD_S + 1e-6
    assert max(small.source.held) == max(large.source.held[20:])


def test_what_comes_without_a_warning_is_heard_a_stride_later_at_most() -> None:
    late_s = []
    for part in range(25):
        bench = Bench()
        bench.run(5 + 0.0055 * part)
        late_s.append(bench.heard_after_s())
    assert max(late_s) <= 8 * PERIOD_S


def test_a_stride_after_the_warning_nothing_is_late_any_more() -> None:
    for part in range(25):
        bench = Bench()
        bench.run(5 + 0.0055 * part)
        bench.source.easy = False
        bench.run(4 * PERIOD_S)
        assert bench.heard_after_s() <= 4 * PERIOD_S + 1e-6


def test_a_drop_ends_a_sleep_and_is_done_at_once() -> None:
    bench = Bench()
    bench.run(5)
    bench.source.to_say = LOUD * 50
    bench.run(0.5)
    now_s = bench.time.now_s
    bench.speaker.drop()
    while not bench.source.drops:
        bench.speaker._step()
    assert bench.time.now_s == now_s
    assert bench.card.drops == 1
    bench.run(10)
    assert bench.card.underruns == 0


def test_after_a_drop_the_next_sound_is_written_at_once() -> None:
    bench = Bench()
    bench.run(5)
    bench.speaker._step()
    assert bench.speaker._strides.left_s() > 0
    bench.speaker.drop()
    bench.speaker._step()
    now_s, bench.source.to_say = bench.time.now_s, LOUD
    bench.speaker._step()
    assert bench.card.written[-1] == (now_s, LOUD)


def test_the_source_is_told_of_all_that_was_written() -> None:
    bench = Bench()
    bench.run(10)
    written = sum(len(data) for _, data in bench.card.written)
    assert bench.source.written * FORMAT.frame_bytes == written


def test_what_the_card_did_not_take_of_a_stride_is_written_again() -> None:
    bench = Bench()
    bench.run(5)
    write, wanted = bench.card.write, []

    def write_half(data: bytes) -> int:
        wanted.append(len(data))
        return write(data[: len(data) // 2 // FORMAT.frame_bytes * FORMAT.frame_bytes])

    bench.card.write = write_half  # type: ignore[method-assign]
    written, told = len(bench.card.written), len(bench.source.held)
    while not wanted:
        bench.speaker._step()
    assert len(bench.source.held) == told
    bench.card.write = write  # type: ignore[method-assign]
    bench.speaker._step()
    assert [len(data) for _, data in bench.card.written[written:]] == [2 * FORMAT.period_bytes] * 2
    assert len(bench.source.held) == told + 1


def test_an_underrun_in_a_stride_costs_nothing_but_time() -> None:
    bench = Bench()
    bench.run(5)
    bench.time.now_s += 1
    bench.run(5)
    assert bench.card.underruns >= 1
    assert bench.run(10) <= 10 * 12.6 + 1


def test_a_stream_that_may_pause_stops_after_a_second_of_it_in_whatever_strides() -> None:
    bench = Bench(pauses=True)
    bench.run(1.2)
    assert (bench.card.drops, bench.source.written) == (1, 24_000 + 480 * 2)
