"""What the comparison with other clients measures by itself, on sound that is known."""

import numpy as np
import pytest

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from tests.benchmarks.peers.arrived import share_arrived


def words(seconds: float, seed: int) -> Samples:
    return np.random.default_rng(seed).normal(0, 3_000, round(seconds * CAPTURE_RATE_HZ)).astype(np.int16)


def room(seconds: float) -> Samples:
    return np.random.default_rng(9).normal(0, 8, round(seconds * CAPTURE_RATE_HZ)).astype(np.int16)


@pytest.mark.parametrize("kept", [1.0, 0.5, 0.0])
def test_of_what_was_said_the_share_that_arrived_is_found_wherever_it_is(kept: float) -> None:
    said = words(2.0, seed=1)
    through = said[: round(kept * len(said))]
    arrived = np.concatenate((words(1.0, seed=2), room(0.313), through, words(1.0, seed=3)))
    assert share_arrived(said, arrived) == kept


def test_a_pause_in_what_was_said_does_not_count() -> None:
    said = np.concatenate((words(1.0, seed=1), room(2.0)))
    assert share_arrived(said, said[:CAPTURE_RATE_HZ]) == 1.0


def test_nothing_arrived_where_nothing_was_sent() -> None:
    assert share_arrived(words(1.0, seed=1), np.zeros(0, np.int16)) == 0.0
