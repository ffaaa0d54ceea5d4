"""What was played, by position, also between two samples."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from daemon.sound.echo.played_ring import KEPT_SAMPLES, PlayedRing
from daemon.sound.pcm import Samples, silence
from tests.daemon.sound.signals import db, rms, sine

PERIOD = 480


def ring_of(*pieces: Samples, rate_hz: int = 16_000) -> PlayedRing:
    ring = PlayedRing(rate_hz)
    for piece in pieces:
        for at in range(0, len(piece), PERIOD):
            ring.append(piece[at : at + PERIOD])
    return ring


def numbered(count: int) -> Samples:
    return np.arange(1, count + 1, dtype=np.int16)


def test_what_was_played_is_read_by_its_position() -> None:
    ring = ring_of(numbered(9_600))
    assert ring.end == 9_600
    assert ring.read(4_000, 256)[0].tolist() == [*range(4_001, 4_257)]


def test_what_is_not_there_yet_is_lacking_and_what_was_before_is_not() -> None:
    ring = ring_of(numbered(960))
    assert ring.read(900, 100)[1] == 40
    samples, lacking = ring.read(-50, 100)
    assert (lacking, samples.tolist()) == (0, [0] * 50 + [*range(1, 51)])
    assert ring.read(5_000, 100)[1] == 100


@pytest.mark.parametrize(("pitch_hz", "error_db"), [(300, -55), (1_000, -50), (3_000, -40), (5_000, -36)])
def test_between_two_samples_it_is_as_if_it_had_been_sampled_there(pitch_hz: float, error_db: float) -> None:
    times = (np.arange(1_600) + 4_000.37) / 16_000
    wanted = 16_000 * np.sin(2 * np.pi * pitch_hz * times)
    got, _ = ring_of(sine(pitch_hz, 16_000)).read(4_000.37, 1_600)
    assert db(rms(wanted.astype(np.float32) - got) / rms(got)) < error_db


@pytest.mark.parametrize("rate_hz", [24_000, 48_000, 44_100])
def test_at_another_rate_it_is_where_it_was_played(rate_hz: int) -> None:
    ring = ring_of(sine(500, rate_hz), rate_hz=rate_hz)
    got, _ = ring.read(8_000, 1_600)
    assert rms((got - sine(500, 16_000)[8_000:9_600]).astype(np.float32)) < rms(got) / 30


def test_of_a_long_silence_nothing_is_kept_and_positions_go_on() -> None:
    ring = ring_of(numbered(960), silence(KEPT_SAMPLES + 2 * PERIOD))
    slept, end = ring.rests, ring.end
    assert ring.sounds_until == 960
    ring.append(numbered(PERIOD))
    assert (slept, ring.rests) == (True, False)
    assert ring.read(end, 100)[0].tolist() == [*range(1, 101)]


def test_after_hours_only_the_newest_is_kept() -> None:
    ring = ring_of(*[numbered(9_600)] * 40)
    begin = ring.end - 9_600
    assert ring.read(begin, 256)[0].tolist() == [*range(1, 257)]
    assert not ring.read(100, 256)[0].any()


def test_what_is_cut_off_is_silence_and_a_pause_takes_its_time() -> None:
    ring = ring_of(numbered(4_800))
    ring.cut(4_000)
    assert (ring.end, ring.sounds_until) == (4_000, 4_000)
    ring.pause(1_000)
    ring.append(numbered(PERIOD))
    samples, _ = ring.read(3_990, 1_020)
    assert samples.tolist() == [*range(3_991, 4_001), *[0] * 1_000, *range(1, 11)]


def test_a_pause_of_some_seconds_is_as_many_zeros_whatever_was_before() -> None:
    ring = ring_of(*[numbered(9_600)] * 20)
    end = ring.end
    ring.pause(KEPT_SAMPLES - 100)
    ring.append(numbered(PERIOD))
    assert ring.read(ring.end - PERIOD, 100)[0].tolist() == [*range(1, 101)]
    assert not ring.read(end, KEPT_SAMPLES - 200)[0].any()


def test_a_pause_of_hours_costs_no_memory() -> None:
    ring = ring_of(numbered(4_800))
    ring.cut(4_800)
    ring.pause(1e9)
    ring.append(numbered(PERIOD))
    assert ring.read(ring.end - PERIOD, 100)[0].tolist() == [*range(1, 101)]


def test_what_nobody_reads_is_kept_all_the_same() -> None:
    ring = ring_of(*[numbered(9_600)] * 3, rate_hz=48_000)
    assert ring.read(ring.end - 3_000, 2_000)[0].any()
    assert ring.read(ring.end - 9_000, 2_000)[0].any()


def test_a_ring_that_rests_counts_what_passes_it_by() -> None:
    ring = ring_of(silence(960), rate_hz=48_000)
    ring.pass_by(48_000)
    ring.append(numbered(PERIOD))
    assert ring.end == pytest.approx(320 + 16_000 + 160)


def test_a_ring_that_rests_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        ring = ring_of(numbered(960))
        ring.read(0, 960)
        playing = tracemalloc.get_traced_memory()[0]
        ring.append(silence(KEPT_SAMPLES + PERIOD))
        ring.append(silence(PERIOD))
        assert tracemalloc.get_traced_memory()[0] < playing - 2 * KEPT_SAMPLES
    finally:
        tracemalloc.stop()
    ring.append(numbered(PERIOD))
    assert ring.read(ring.end - PERIOD, PERIOD)[0].tolist() == numbered(PERIOD).tolist()
