"""What a kind of input hands over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SwitchKind:
    """Something that is one of two ways. `active` is the level of the one, if the settings say no other.

    `states` are how the one and the other are told.
    """

    active: Literal["high", "low"]
    states: tuple[str, str]
