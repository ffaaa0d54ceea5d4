"""How a row moves: within bounds, and no faster than has a use."""

import pytest

from daemon.lights.looks import LOOKS
from daemon.lights.motions import LEAST_FRAME_S, Moves, bar, moves_of

COUNTS = [1, 2, 3, 5, 12, 24, 60]


def seconds_of(moves: Moves) -> list[float]:
    return [seconds for _, seconds in moves if seconds is not None]


@pytest.mark.parametrize("count", COUNTS)
def test_each_light_is_told_and_no_brighter_than_it_can_be(count: int) -> None:
    for pattern, look in LOOKS.items():
        for brightnesses, seconds in moves_of(look, count, 0.5):
            assert len(brightnesses) == count, pattern
            assert all(0 <= value <= 1 for value in brightnesses), pattern
            assert seconds is None or seconds >= LEAST_FRAME_S - 1e-9, pattern


@pytest.mark.parametrize("count", [3, 12])
def test_what_stays_as_it_is_asks_for_no_frame(count: int) -> None:
    still = {name for name, look in LOOKS.items() if not seconds_of(moves_of(look, count))}
    assert still == {"idle", "listening", "hearing", "muted"}


def test_the_tail_follows_the_head_round() -> None:
    turn = moves_of(LOOKS["thinking"], 4)
    assert [brightnesses for brightnesses, _ in turn] == [
        (1.0, 0.0, 0.22, 0.5),
        (0.5, 1.0, 0.0, 0.22),
        (0.22, 0.5, 1.0, 0.0),
        (0.0, 0.22, 0.5, 1.0),
    ]
    assert sum(seconds_of(turn)) == pytest.approx(1.2)


def test_the_louder_the_more_lights_from_the_middle_on() -> None:
    lit = [sum(value > 0 for value in moves_of(LOOKS["hearing"], 12, level)[0][0]) for level in (0, 0.25, 0.5, 1)]
    assert lit == sorted(lit)
    assert (lit[0], lit[-1]) == (4, 11)
    quiet = moves_of(LOOKS["hearing"], 12, 0)[0][0]
    assert [place for place, value in enumerate(quiet) if value] == [4, 5, 6, 7]


def test_a_breath_has_no_jump_and_hardly_moves_where_it_turns() -> None:
    breath = moves_of(LOOKS["speaking"], 1)
    depths = [brightnesses[0] for brightnesses, _ in breath]
    steps = [abs(one - other) for one, other in zip(depths, [*depths[1:], depths[0]], strict=True)]
    assert steps == pytest.approx([0.85 / 7] * 14)
    assert (min(depths), max(depths)) == (0.15, 1.0)
    lengths = seconds_of(breath)
    assert sum(lengths) == pytest.approx(3.2)
    assert lengths[0] == pytest.approx(lengths[7]) == max(lengths)
    assert min(lengths) > 0.07


@pytest.mark.parametrize(
    ("share", "lit"),
    [(0, (0, 0, 0, 0)), (0.5, (1, 1, 0, 0)), (0.625, (1, 1, 0.5, 0)), (1, (1, 1, 1, 1)), (0.001, (0.15, 0, 0, 0))],
)
def test_a_bar_is_as_long_as_its_share(share: float, lit: tuple[float, ...]) -> None:
    assert bar(share, 4) == pytest.approx(lit)
