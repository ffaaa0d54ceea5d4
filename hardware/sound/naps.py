"""When a thread that waits for several periods of a card has to be back: just after the last of them.

ALSA wakes a reader for each period, so a thread that wants four sleeps by the clock, and reads what has gathered in
the card's buffer. The clocks of machine and card differ by some parts in a hundred thousand, and not every card tells
what it holds between two periods. So each nap is a little too short: sooner or later the thread is back before the last
period, waits for it in the read, and knows again to the millisecond where the card is.
"""

from collections.abc import Callable
from typing import Final

MARGIN_S: Final = 0.001
"""So long after the last period is due the thread is back, lest it be woken twice: what clock and card differ by."""

CREEP: Final = 1 / 800
"""The part by which a nap is too short: of 80 ms a tenth of a millisecond, ten times what the clocks differ by."""


class Naps:
    """Used by one thread. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._complete_s: float | None = None  # when what was read last had just arrived

    @property
    def oriented(self) -> bool:
        """Whether it is known where the card is."""
        return self._complete_s is not None

    def forget(self) -> None:
        """The card was closed, or is read in another way: nothing is known of its periods."""
        self._complete_s = None

    def left_s(self, span_s: float) -> float:
        """Until `span_s` seconds of sound after what was read last are there; 0 if they are, or nothing is known."""
        if self._complete_s is None:
            return 0.0
        return max(0.0, self._complete_s + span_s * (1 - CREEP) + MARGIN_S - self._clock())

    def waited(self) -> None:
        """The card had less than was wanted; its last period has just come."""
        self._complete_s = self._clock()

    def took(self, span_s: float, more_s: float) -> None:
        """`span_s` of sound were there, and `more_s` more than those."""
        now_s = self._clock() - more_s
        self._complete_s = now_s if self._complete_s is None else min(self._complete_s + span_s * (1 - CREEP), now_s)
