"""How much faster one card's clock runs than another's, learnt from where both were seen to be.

Crystals differ by up to 100 ppm, which is 1.6 samples a second; the two sides of one card do not. A card tells of its
position unevenly, so that a slope is sure only over minutes: it is the common one of all stretches in which both cards
ran on (least squares with an intercept for each), and none while it may as well be chance.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

SURE_PPM: Final = 12.0
"""A drift is used when its standard error is below this,"""
CHANCE: Final = 3.5
"""and it is so many of them."""
FEWEST_POINTS: Final = 10
MOST_PPM: Final = 300.0
"""Worse than the worst card; what lies beyond was no drift."""


class Drift:
    """How much faster the speaker's clock runs than the microphone's."""

    def __init__(self) -> None:
        self.ratio = 0.0
        """Samples heard for each that is captured, less one; 0 while too little was played to tell."""
        self._squares = self._products = self._heights = 0.0  # of finished stretches
        self._freedom = 0  # points of them beyond those that an intercept takes
        self._begin_stretch()

    def end_stretch(self) -> None:
        """What follows has an offset of its own."""
        self._squares, self._products, self._heights, self._freedom = self._sums()
        self._begin_stretch()

    def add(self, captured: float, offset: float) -> None:
        """By the time so many samples were captured, `offset` more had been heard (Welford's sums)."""
        self._points += 1
        off, up = captured - self._mean_captured, offset - self._mean_offset
        self._mean_captured += off / self._points
        self._mean_offset += up / self._points
        self._own_squares += off * (captured - self._mean_captured)
        self._own_products += off * (offset - self._mean_offset)
        self._own_heights += up * (offset - self._mean_offset)
        self.ratio = self._judge()

    def _judge(self) -> float:
        squares, products, heights, freedom = self._sums()
        if freedom < FEWEST_POINTS or squares <= 0:
            return 0.0
        slope = products / squares
        error = sqrt(max(0.0, heights - slope * products) / (freedom - 1) / squares)
        sure = error * 1e6 <= SURE_PPM and CHANCE * error <= abs(slope) <= MOST_PPM / 1e6
        return slope if sure else 0.0

    def _sums(self) -> tuple[float, float, float, int]:
        return (
            self._squares + self._own_squares,
            self._products + self._own_products,
            self._heights + self._own_heights,
            self._freedom + max(0, self._points - 1),
        )

    def _begin_stretch(self) -> None:
        self._points = 0
        self._mean_captured = self._mean_offset = 0.0
        self._own_squares = self._own_products = self._own_heights = 0.0
