"""What is remembered of a conversation: who said what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Speaker = Literal["user", "model", "tool"]
SPEAKERS: Final[tuple[Speaker, ...]] = ("user", "model", "tool")

Source = tuple[str, str]
"""The title and the address of a page."""


@dataclass(frozen=True, slots=True)
class Said:
    """`at` is the wall clock in seconds when the turn began: what has the same belongs to one exchange."""

    at: float
    turn: int
    speaker: Speaker
    text: str
    sources: tuple[Source, ...] = ()


Sink = Callable[[Said], None]
"""Is told what was said, in the loop's thread; must not block."""
