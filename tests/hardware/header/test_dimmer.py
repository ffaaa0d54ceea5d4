"""Every level that can be asked for, on the calls of gpiozero's real factory: what is set, and what is read back."""

from __future__ import annotations

import random

import pytest

from hardware.errors import HardwareError
from hardware.fake_board import Board
from tests.hardware.header.lines import PIN, output, process

SEED = 1146


def percent_high(board: Board) -> float:
    """What the line is, as its share of high."""
    seen = board.pads[PIN].seen[-1]
    assert seen != "in"
    return seen[1] if isinstance(seen, tuple) else 100.0 * seen


@pytest.mark.parametrize("active_high", [True, False])
def test_every_tenth_of_a_percent_is_set_exactly_and_read_back(active_high: bool) -> None:
    board = Board()
    with process(board) as factory:
        light = output(factory, kind="pwm", active_high=active_high)
        for tenth in range(1001):
            light.set_level(tenth / 10 / 100)
            shown = percent_high(board) if active_high else 100 - percent_high(board)
            assert shown == pytest.approx(tenth / 10, abs=1e-9)
            assert light.read().level == round(tenth / 1000, 4)
            assert light.read().on is (tenth > 0)
        light.close()


@pytest.mark.parametrize("percent", [29, 57, 58, 12.5, 33.6, 66.7])
@pytest.mark.parametrize("active_high", [True, False])
def test_levels_that_gpiozero_cuts_short(percent: float, active_high: bool) -> None:
    board = Board()
    with process(board) as factory:
        light = output(factory, kind="pwm", active_high=active_high)
        light.set_level(percent / 100)
        assert board.called(PIN)[-1][0] == "tx_pwm"
        assert percent_high(board) == pytest.approx(percent if active_high else 100 - percent, abs=1e-9)
        light.close()


def test_bounds_are_kept_and_reached_however_they_are_written() -> None:
    """A bound is 0.579 in the settings, and 57.9 / 100 in a call, which need not be the same number."""
    chance = random.Random(SEED)  # noqa: S311  dice, not secrets
    board = Board()
    with process(board) as factory:
        for _ in range(200):
            low, high = sorted(chance.sample(range(1, 1001), 2))
            light = output(
                factory,
                kind="pwm",
                min_level=float(f"{low / 1000}"),
                max_level=float(f"0.{high:03}") if high < 1000 else 1,
            )
            for tenth in (low, (low + high) // 2, high):
                light.set_level(tenth / 10 / 100)
                assert light.read().level == round(tenth / 1000, 4)
            for tenth in (low - 1, high + 1):
                if tenth != 0:
                    with pytest.raises(HardwareError, match="out of bounds"):
                        light.set_level(tenth / 10 / 100)
            assert light.read().level == round(high / 1000, 4)
            light.close()


@pytest.mark.parametrize(("asked", "shown"), [(0.00001, 0.01), (0.00004, 0.01), (0.12344, 12.34), (0.99999, 99.99)])
@pytest.mark.parametrize("active_high", [True, False])
def test_what_is_finer_than_the_pin_is_on_and_never_brighter_than_full(
    asked: float, shown: float, active_high: bool
) -> None:
    board = Board()
    with process(board) as factory:
        light = output(factory, kind="pwm", active_high=active_high)
        light.set_level(asked)
        assert light.read().on
        assert percent_high(board) == pytest.approx(shown if active_high else 100 - shown)
        light.close()


@pytest.mark.parametrize("level", [-0.00001, -1.0, 1.0001, float("nan"), float("inf"), float("-inf")])
def test_what_is_no_level_is_refused_and_nothing_is_called(level: float) -> None:
    board = Board()
    with process(board) as factory:
        light = output(factory, kind="pwm")
        before = board.called(PIN)
        with pytest.raises(HardwareError, match="out of bounds for 'lamp'"):
            light.set_level(level)
        assert board.called(PIN) == before
        light.close()
