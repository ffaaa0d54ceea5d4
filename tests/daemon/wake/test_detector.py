import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.wake.detector import Detector

HOP = 1280


def feed(detector: Detector, *scores: float, deaf: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """(number of the deciding hop, number of the first hop of its run), both from 0."""
    detections = []
    for number, score in enumerate(scores):
        first_end = detector.hop(score, (number + 1) * HOP, deaf=number in deaf)
        if first_end is not None:
            detections.append((number, first_end // HOP - 1))
    return detections


@pytest.mark.parametrize(
    ("scores", "detections"),
    [
        ((0, 0.6, 0.7, 0), [(2, 1)]),
        ((0, 0.6, 0.1, 0.6, 0), []),
        ((0.5, 0.5, 0.5), []),
        ((0.51, 0.51), [(1, 0)]),
        ((0.4, 0.9, 0.4, 0.9, 0.9), [(4, 3)]),
        ((0.9,) * 20, [(1, 0)]),
        ((0.9, 0.9, 0.4, 0.9, 0.9), [(1, 0)]),
        ((0.9, 0.9, 0.1, 0.9, 0.9), [(1, 0), (4, 3)]),
    ],
    ids=["two in a row", "gap", "at threshold", "over it", "dip", "long run", "same rise", "fell between"],
)
def test_two_hops_in_a_row_over_the_threshold(scores: tuple[float, ...], detections: list[tuple[int, int]]) -> None:
    assert feed(Detector(0.5, 2), *scores) == detections


def test_three_hops_in_a_row_if_three_are_asked_for() -> None:
    assert feed(Detector(0.5, 3), 0.9, 0.9, 0, 0.9, 0.9, 0.9) == [(5, 3)]


@pytest.mark.parametrize(
    ("scores", "near_misses"),
    [
        ((0.2, 0.29, 0), 0),
        ((0.2, 0.31, 0), 1),
        ((0.4, 0.2, 0.4, 0.2), 2),
        ((0.9, 0.4, 0.1), 1),
        ((0.9, 0.9, 0.1), 0),
        ((0.4, 0.4), 0),
    ],
    ids=["far", "near", "twice", "too short", "detected", "not over yet"],
)
def test_near_misses(scores: tuple[float, ...], near_misses: int) -> None:
    detector = Detector(0.5, 2)
    feed(detector, *scores)
    assert detector.near_misses == near_misses


def test_a_rise_that_begins_in_the_refractory_period_counts_for_nothing() -> None:
    detector = Detector(0.5, 2)
    assert feed(detector, 0.9, 0.9, 0.9, 0.1, deaf=frozenset({0})) == []
    assert detector.near_misses == 0


@pytest.mark.parametrize(
    ("scores", "deaf", "told"),
    [
        ((0.0, 0.2, 0.3, 0.0), (), []),
        ((0.4, 0.49, 0.41, 0.0), (), ["not taken for alexa: at best 0.49, the threshold is 0.50"]),
        (
            (0.9, 0.4, 0.6, 0.0),
            (),
            ["not taken for alexa: over the threshold of 0.50 for 1 in a row, of 2; at best 0.90"],
        ),
        ((0.7, 0.9, 0.9, 0.1), (0,), ["not taken for alexa: it came to 0.90 within the refractory time"]),
        ((0.7, 0.1, 0.4, 0.0), (0, 2), []),
        ((0.9, 0.9, 0.4, 0.9, 0.1), (2, 3), []),
        ((0.4, 0.4), (), []),
    ],
    ids=["far", "under the threshold", "too short", "too soon", "an echo of the one before", "taken", "not over yet"],
)
def test_each_rise_that_comes_to_nothing_is_told_once_with_what_was_missing(
    scores: tuple[float, ...], deaf: tuple[int, ...], told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    feed(Detector(0.5, 2, "alexa"), *scores, deaf=frozenset(deaf))
    assert caplog.messages == told


def test_settling_ends_a_rise() -> None:
    detector = Detector(0.5, 2)
    detector.hop(0.9, HOP)
    detector.settle()
    assert detector.near_misses == 1
    assert detector.hop(0.9, 3 * HOP) is None


@given(st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.9]), max_size=40), st.integers(1, 4))
def test_each_detection_ends_a_run_of_exactly_so_many_hops(scores: list[float], consecutive: int) -> None:
    for decided, first in feed(Detector(0.5, consecutive), *scores):
        assert decided - first == consecutive - 1
        assert min(scores[first : decided + 1]) > 0.5
