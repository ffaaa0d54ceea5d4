"""What was played when something was captured: found, held, and found again after whatever happens to cards."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.sound.echo.loopback import EARLY_SAMPLES, RING_OUT_SAMPLES, Loopback
from daemon.sound.pcm import samples_of_ms
from tests.daemon.sound.echo.cards import PERIOD, Cards

NEAR = samples_of_ms(2.5)


def cards(**others: float) -> Cards:
    return Cards(Loopback(16_000), **others)  # type: ignore[arg-type]


@pytest.mark.parametrize("held", [640, 960, 3_200])
def test_what_is_heard_is_known_from_the_first_period_on(held: int) -> None:
    pair = cards(held=held)
    pair.run(12)
    assert abs(pair.off()) <= 1


def test_whoever_reads_the_microphone_late_does_not_move_it() -> None:
    pair = cards(late_s=0.005)
    pair.run(60)
    before = pair.off()
    pair.run(600)
    assert abs(before) <= NEAR
    assert pair.off() == pytest.approx(before, abs=NEAR)


def test_the_reference_is_early_never_late() -> None:
    pair = cards()
    pair.run(60)
    early, _ = pair.loopback.read(pair.captured - 2 * PERIOD, PERIOD)
    exact, _ = pair.loopback.read(pair.captured - 2 * PERIOD, PERIOD, early=0)
    assert np.all(early.astype(int) - exact == EARLY_SAMPLES)


@pytest.mark.parametrize("drift_ppm", [50, 100, -100])
def test_two_clocks_that_differ_are_followed(drift_ppm: float) -> None:
    pair = cards(drift_ppm=drift_ppm, late_s=0.001)
    pair.run(50 * 120)
    assert abs(pair.off()) <= NEAR
    assert pair.loopback.drift_ppm == pytest.approx(drift_ppm, abs=8)
    assert pair.loopback.jumps == 0


def test_one_clock_is_not_taken_for_two() -> None:
    pair = cards(late_s=0.004)
    pair.run(50 * 60)
    assert pair.loopback.drift_ppm == 0


def test_a_speaker_that_stood_still_is_found_again_and_counted() -> None:
    pair = cards()
    pair.run(60)
    pair.stand_still(3)
    pair.run(20)
    assert abs(pair.off()) <= NEAR
    assert pair.loopback.jumps == 1


def test_a_microphone_that_lost_sound_is_found_again_and_counted() -> None:
    pair = cards()
    pair.run(60)
    pair.lose(3)
    pair.run(20)
    assert abs(pair.off()) <= NEAR
    assert pair.loopback.jumps == 1


def test_what_was_thrown_away_is_not_taken_for_heard() -> None:
    pair = cards()
    pair.run(60)
    heard = pair.captured
    pair.stop(5)
    read, _ = pair.loopback.read(heard, 4 * PERIOD, early=0)
    assert not read.any()
    assert pair.loopback.sounds_at(heard + RING_OUT_SAMPLES - PERIOD)
    assert not pair.loopback.sounds_at(heard + RING_OUT_SAMPLES + PERIOD)


def test_a_stream_that_began_anew_is_no_jump() -> None:
    pair = cards()
    pair.run(60)
    pair.stop(70)
    pair.run(20)
    assert abs(pair.off()) <= NEAR
    assert pair.loopback.jumps == 0


def test_nothing_sounds_before_the_first_sound_nor_long_after_the_last() -> None:
    pair = cards(silent=True)
    pair.run(30)
    assert not pair.loopback.sounds_at(pair.captured)
    pair.silent = False
    pair.run(30)
    assert pair.loopback.sounds_at(pair.captured)
    pair.silent = True
    pair.run(400)
    assert not pair.loopback.sounds_at(pair.captured)
    assert pair.loopback.jumps == 0
    pair.silent = False
    pair.run(30)
    assert abs(pair.off()) <= NEAR


def test_a_card_that_lies_about_what_it_holds_is_off_until_somebody_moves_it() -> None:
    pair = cards(lie=1_600)
    pair.run(60)
    assert pair.off() == pytest.approx(-1_600, abs=NEAR)
    pair.loopback.move(-1_600)
    assert abs(pair.off()) <= NEAR


def test_without_a_speaker_nothing_is_known() -> None:
    loopback = Loopback(24_000)
    loopback.captured(320, 0.02)
    loopback.dropped(0.02)
    assert not loopback.sounds_at(320)
    assert not loopback.read(0, PERIOD)[0].any()
