"""Where the echo is really."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.sound.echo.lag import MOST_SAMPLES, REST_WINDOWS, WINDOW_SAMPLES, LagFinder, lag_of
from tests.daemon.sound.echo.cards import echo_of
from tests.daemon.sound.signals import noise

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

FRAME = 256


def played(windows: int = 1) -> Samples:
    return noise(windows * WINDOW_SAMPLES)


@pytest.mark.parametrize("lag", [0, 240, 4_000, MOST_SAMPLES - 16])
def test_an_echo_is_found_below_other_sound(lag: int) -> None:
    sound = played()
    heard = echo_of(sound, lag) + noise(len(sound), peak=3_000, seed=2)
    assert lag_of(heard, sound) == pytest.approx(lag, abs=2)


def test_one_that_comes_before_what_is_believed_is_found_too() -> None:
    sound = played()
    assert lag_of(sound, echo_of(sound, 800)) == pytest.approx(-800, abs=2)


@pytest.mark.parametrize("heard", [np.zeros(WINDOW_SAMPLES, np.int16), noise(WINDOW_SAMPLES, seed=7)])
def test_where_there_is_no_echo_nothing_is_found(heard: Samples) -> None:
    assert lag_of(heard, played()) is None


def test_it_counts_when_it_was_seen_twice_and_is_then_looked_for_now_and_then() -> None:
    finder, sound = LagFinder(), played(REST_WINDOWS + 4)
    heard = echo_of(sound, 1_000)
    told = [
        (at + FRAME) / WINDOW_SAMPLES
        for at in range(0, len(sound), FRAME)
        if finder.add(heard[at : at + FRAME], sound[at : at + FRAME]) is not None
    ]
    assert told == [2, 3 + REST_WINDOWS]


def test_what_does_not_follow_is_not_compared() -> None:
    finder, sound = LagFinder(), played()
    for at in range(0, WINDOW_SAMPLES - FRAME, FRAME):
        finder.add(sound[at : at + FRAME], sound[at : at + FRAME])
    finder.forget()
    assert finder.add(sound[:FRAME], sound[:FRAME]) is None
    assert finder.add(sound[:FRAME], sound[:FRAME]) is None


def test_what_was_gathered_is_kept_no_longer_than_it_is_of_use() -> None:
    finder, sound = LagFinder(), played()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        finder.add(sound[:FRAME], sound[:FRAME])
        finder.forget()
        assert tracemalloc.get_traced_memory()[0] - before < WINDOW_SAMPLES
    finally:
        tracemalloc.stop()
