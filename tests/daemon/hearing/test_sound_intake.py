"""Where sound arrives: loop and worker get all of it, in order, and are told no oftener than they have to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.hearing.sound_intake import HOP_SAMPLES, LARGEST_SAMPLES, RESTING_SAMPLES, Intake
from daemon.sound.capture import CaptureConverter
from hardware.base import PcmFormat

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

PERIOD = 320
FORMAT = PcmFormat(rate_hz=16_000, period_frames=PERIOD)


class Gate:
    """Opens for the hops that the test names by where they end."""

    def __init__(self, *loud: int) -> None:
        self.loud = set(loud)
        self.asked: list[int] = []

    def arrived(self, hop: Samples, end: int) -> bool:
        assert len(hop) == HOP_SAMPLES
        self.asked.append(end)
        return end in self.loud


class Worker:
    def __init__(self) -> None:
        self.given: list[tuple[int, Samples]] = []

    def hear(self, samples: Samples, at: int) -> None:
        self.given.append((at, samples))

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(at, at + len(samples)) for at, samples in self.given]


class Bench:
    def __init__(self, *loud: int, gated: bool = True, resting: bool = True) -> None:
        self.now_s = 0.0
        self.gate, self.worker = Gate(*loud), Worker()
        self.intake = Intake(
            CaptureConverter(FORMAT), 16_000, self.gate if gated else None, self.worker, lambda: self.now_s
        )
        if resting:
            self.intake.attend(attentive=False, watching=False)
        self.taken = 0

    def take(self, samples: int, *, zeros: bool = False) -> list[int]:
        """Take so many, in periods, each sample told by its position; after which of them the loop was told."""
        told = []
        for _ in range(0, samples, PERIOD):
            values = np.zeros(PERIOD) if zeros else np.arange(self.taken, self.taken + PERIOD) % 30_000 + 1
            self.taken += PERIOD
            if self.intake.take(values.astype("<i2").tobytes()):
                told.append(self.taken)
        return told


def numbered(begin: int, end: int) -> list[int]:
    return [n % 30_000 + 1 for n in range(begin, end)]


def test_at_rest_nobody_is_told_of_a_quiet_room_for_two_seconds() -> None:
    bench = Bench()
    assert bench.take(RESTING_SAMPLES - PERIOD) == []
    assert bench.worker.given == []
    assert bench.take(PERIOD) == [RESTING_SAMPLES]
    assert bench.worker.spans == [(0, RESTING_SAMPLES)]
    assert len(bench.intake.collect()[0]) == RESTING_SAMPLES


def test_when_the_gate_opens_the_worker_gets_all_that_came_before_and_the_loop_nothing() -> None:
    bench = Bench(10 * HOP_SAMPLES, 11 * HOP_SAMPLES)
    assert bench.take(12 * HOP_SAMPLES) == []
    assert bench.worker.spans == [(0, 10 * HOP_SAMPLES), (10 * HOP_SAMPLES, 11 * HOP_SAMPLES)]
    assert np.concatenate([samples for _, samples in bench.worker.given]).tolist() == numbered(0, 11 * HOP_SAMPLES)
    samples, _ = bench.intake.collect()
    assert samples.tolist() == numbered(0, 12 * HOP_SAMPLES)


def test_the_gate_is_asked_of_every_hop_once_however_the_sound_is_cut() -> None:
    bench = Bench()
    for frames in (PERIOD, 5 * HOP_SAMPLES, 3 * PERIOD, 17 * PERIOD):
        bench.intake.take(bytes(2 * frames))
    assert bench.gate.asked == [HOP_SAMPLES * n for n in range(1, 11)]


def test_while_it_attends_the_loop_is_told_of_each_period_and_the_worker_of_hops_that_matter() -> None:
    bench = Bench(2 * HOP_SAMPLES, resting=False)
    assert len(bench.take(3 * HOP_SAMPLES)) == 12
    assert bench.worker.spans == [(0, 2 * HOP_SAMPLES)]


def test_a_watch_gives_the_worker_what_it_has_not_had_and_then_each_period() -> None:
    bench = Bench()
    bench.take(5 * PERIOD)
    bench.intake.attend(attentive=False, watching=True)
    assert bench.worker.spans == [(0, 5 * PERIOD)]
    bench.take(2 * PERIOD)
    assert bench.worker.spans[1:] == [(5 * PERIOD, 6 * PERIOD), (6 * PERIOD, 7 * PERIOD)]


def test_while_it_watches_the_loop_is_told_of_pieces_that_can_be_sent() -> None:
    bench = Bench()
    bench.intake.attend(attentive=True, watching=True)
    assert bench.take(2 * PERIOD) == [2 * PERIOD]
    bench.intake.collect()
    assert bench.take(PERIOD) == []
    bench.intake.collect()  # for another reason, as when something was heard
    assert bench.take(2 * PERIOD) == [5 * PERIOD]
    assert bench.take(PERIOD) == [6 * PERIOD], "it has not looked yet"
    bench.intake.collect()
    bench.intake.attend(attentive=True, watching=False)
    assert bench.take(PERIOD) == [7 * PERIOD]


def test_without_a_gate_the_worker_gets_every_hop() -> None:
    bench = Bench(gated=False)
    bench.take(3 * HOP_SAMPLES)
    assert bench.worker.spans == [(HOP_SAMPLES * n, HOP_SAMPLES * (n + 1)) for n in range(3)]


def test_the_worker_gets_every_hop_while_that_is_wanted_whatever_the_gate_says() -> None:
    bench = Bench()
    bench.intake.give_every_hop(wanted=True)
    assert bench.take(2 * HOP_SAMPLES) == []
    assert bench.worker.spans == [(0, HOP_SAMPLES), (HOP_SAMPLES, 2 * HOP_SAMPLES)]
    bench.intake.give_every_hop(wanted=False)
    bench.take(2 * HOP_SAMPLES)
    assert len(bench.worker.spans) == 2


def test_at_rest_it_wants_no_more_than_the_rest_of_the_hop() -> None:
    bench = Bench()
    assert bench.intake.wanted_frames() == HOP_SAMPLES
    bench.take(PERIOD)
    assert bench.intake.wanted_frames() == HOP_SAMPLES - PERIOD
    bench.intake.attend(attentive=True, watching=False)
    assert bench.intake.wanted_frames() == 1


def test_frames_are_those_of_the_card() -> None:
    stereo = PcmFormat(rate_hz=48_000, channels=2, sample_format="S32_LE", period_frames=960)
    intake = Intake(CaptureConverter(stereo), 48_000, Gate(), Worker(), lambda: 0.0)
    intake.attend(attentive=False, watching=False)
    assert intake.wanted_frames() == 3 * HOP_SAMPLES


def test_a_position_at_rest_counts_what_is_still_in_the_card_by_whole_periods() -> None:
    bench = Bench()
    bench.take(HOP_SAMPLES)
    bench.intake.wanted_frames()
    for now_s, unread in ((0.0, 0), (0.019, 0), (0.021, PERIOD), (0.079, 3 * PERIOD), (5.0, 3 * PERIOD)):
        bench.now_s = now_s
        assert bench.intake.position == HOP_SAMPLES + unread


def test_a_position_is_what_was_read_where_nothing_is_left_in_the_card() -> None:
    bench = Bench()
    bench.take(HOP_SAMPLES)
    bench.now_s = 5.0
    assert bench.intake.position == HOP_SAMPLES, "this driver does not sleep"
    bench.intake.wanted_frames()
    bench.intake.attend(attentive=True, watching=False)
    assert bench.intake.position == HOP_SAMPLES


@pytest.mark.parametrize("resting", [True, False])
def test_zeros_are_told_at_once_and_only_when_that_changes(resting: bool) -> None:
    bench = Bench(resting=resting)
    bench.take(81 * PERIOD, zeros=True)
    bench.intake.collect()
    told = bench.take(180 * PERIOD, zeros=True)
    assert 250 * PERIOD in told, "five seconds"
    assert bench.intake.collect()[1] == [True]
    assert bench.take(PERIOD) == [bench.taken]
    assert bench.intake.collect()[1] == [False]


def test_our_own_zeros_are_no_fault() -> None:
    bench = Bench()
    bench.take(250 * PERIOD, zeros=True)
    assert bench.intake.mute(muted=True)
    bench.take(500 * PERIOD, zeros=True)
    assert bench.intake.collect()[1] == []


def test_a_loop_that_stands_still_finds_silence_for_the_oldest_and_no_position_is_lost() -> None:
    bench = Bench()
    bench.take(3 * LARGEST_SAMPLES)
    samples, _ = bench.intake.collect()
    assert len(samples) == 3 * LARGEST_SAMPLES
    kept = LARGEST_SAMPLES // 2
    assert samples[-kept:].tolist() == numbered(3 * LARGEST_SAMPLES - kept, 3 * LARGEST_SAMPLES)
    assert not samples[:PERIOD].any()


def test_what_was_not_given_yet_is_given_at_the_end() -> None:
    bench = Bench()
    bench.take(7 * PERIOD)
    bench.intake.finish()
    bench.intake.finish()
    assert bench.worker.spans == [(0, 7 * PERIOD)]
