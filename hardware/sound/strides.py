"""How far ahead of its card a speaker's thread writes, and when it has to be back.

What the card holds is what a late thread may cost, and by how much the next sound is heard later. So it is kept at a
few periods. While nobody would notice a tenth of a second, the thread writes several at once, and sleeps for as long:
the card never holds less than otherwise, but more.

A card with room for that is not full when it holds enough, and makes nobody wait: the thread sleeps by the clock, from
one look at what the card holds to the next. A card that has no such room is filled, and writing waits for it.
"""

from collections.abc import Callable
from typing import Final

from hardware.base import PcmFormat

AHEAD_PERIODS: Final = 4
"""What the card holds after a write: enough for a late thread; what is in it when a reply is cut is dropped."""

STRIDE_S: Final = 0.08
"""At rest so much is written at once; as long as the microphone's thread sleeps then."""


def stride_periods(format: PcmFormat) -> int:  # noqa: A002  the name in the Protocol
    """How many periods are written at once at rest, on a card that has room for them."""
    return max(1, round(STRIDE_S * format.rate_hz / format.period_frames))


def wanted_periods(format: PcmFormat) -> int:  # noqa: A002
    """Room for what a card holds before a stride, for that stride, and for a period that was played and not told."""
    return AHEAD_PERIODS + (stride_periods(format) if stride_periods(format) > 1 else 0)


class Strides:
    """Used by one thread. `clock` is in seconds."""

    def __init__(self, format: PcmFormat, clock: Callable[[], float]) -> None:  # noqa: A002
        self._format = format
        self._clock = clock
        self._due_s: float | None = None
        self._reserve_frames = 0
        self._stride_periods = 1
        self._has_room = False

    def opened(self, buffer_frames: int, card_period_frames: int) -> None:
        """The card has so much room, and tells what it holds by periods of its own, which may be longer than ours."""
        period_frames = self._format.period_frames
        self._reserve_frames = (AHEAD_PERIODS - 1) * max(period_frames, card_period_frames)
        room = (buffer_frames - self._reserve_frames) // period_frames - 1
        self._has_room = room > 0
        self._stride_periods = max(1, min(stride_periods(self._format), room))
        self.forget()

    def frames(self, *, patient: bool) -> int:
        """How much to write next; `patient` if what comes after it may be heard a stride later."""
        return self._format.period_frames * (self._stride_periods if patient else 1)

    def left_s(self) -> float:
        """Until the next write is due."""
        return 0.0 if self._due_s is None else max(0.0, self._due_s - self._clock())

    def wrote(self, held_frames: int) -> None:
        """So much is in the card by now."""
        early = (held_frames - self._reserve_frames) / self._format.rate_hz
        self._due_s = self._clock() + early if self._has_room and early > 0 else None

    def forget(self) -> None:
        """What the card holds is not known, or nothing."""
        self._due_s = None
