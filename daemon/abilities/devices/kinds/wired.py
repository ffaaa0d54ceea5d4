"""How a kind of device is wired, for `docs/devices.md`: what goes from which pin where, and a table to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Wired:
    """`wires` are the keys that name pins, or "3V3", "5V" and "GND", and where each goes; `table` is TOML."""

    what: str
    wires: tuple[tuple[str, str], ...]
    table: str
    note: str
    tools: tuple[str, ...] = ()


GROUND: Final = ("GND", "the other end")
OWN_SUPPLY: Final = (
    "Its own supply feeds it, with a diode across it, and the grounds are joined: a pin gives 16 mA at most, at 3.3 V."
)
