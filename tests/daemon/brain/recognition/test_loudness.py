"""What is quiet before and after an utterance is left out, and nothing else is."""

import numpy as np
import pytest

from daemon.brain.recognition.loudness import BLOCK, with_quiet_end, without_quiet_edges
from daemon.sound.pcm import Samples, samples_of_ms

EDGE_MS = 500


def sound(ms: float) -> Samples:
    return (4_000 * np.sin(np.arange(samples_of_ms(ms)))).astype(np.int16)


def room(ms: float) -> Samples:
    return np.random.default_rng(1).normal(0, 8, samples_of_ms(ms)).round().astype(np.int16)


@pytest.mark.parametrize(("before_ms", "after_ms"), [(10_000, 5_000), (EDGE_MS, EDGE_MS), (9_000, 0), (0, 9_000)])
def test_only_half_a_second_of_the_room_is_kept_before_and_after(before_ms: int, after_ms: int) -> None:
    words = np.concatenate((sound(600), room(2_000), sound(600)))
    kept = without_quiet_edges(np.concatenate((room(before_ms), words, room(after_ms))))
    before, after = min(before_ms, EDGE_MS), min(after_ms, EDGE_MS)
    assert len(kept) == samples_of_ms(before) + len(words) + samples_of_ms(after)
    start = samples_of_ms(before)
    assert (kept[start : start + len(words)] == words).all()


def test_the_end_is_quiet_for_as_long_as_an_edge_and_the_rest_as_it_was() -> None:
    for after_ms in (0, 290, 500, 900):
        said = np.concatenate((room(100), sound(600), room(after_ms)))
        longer = with_quiet_end(said)
        assert (longer[: len(said)] == said).all()
        assert len(longer) - len(said) == samples_of_ms(max(0, EDGE_MS - after_ms))
    assert len(with_quiet_end(np.zeros(0, np.int16))) == samples_of_ms(EDGE_MS)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(np.zeros(16_000, np.int16), id="silence"),
        pytest.param(np.zeros(0, np.int16), id="nothing"),
        pytest.param(np.full(BLOCK - 1, 9, np.int16), id="less than a block"),
        pytest.param(room(3_000), id="only the room"),
        pytest.param(np.concatenate((room(300), sound(500), room(300))), id="short edges"),
    ],
)
def test_anything_else_is_heard_as_it_is(said: Samples) -> None:
    assert (without_quiet_edges(said) == said).all()
