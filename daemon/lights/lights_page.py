"""The table of docs/lights.md: `python -m daemon.lights.lights_page` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.lights.looks import LOOKS, Look
from hardware.header.rhythm import OFF, STEADY

if TYPE_CHECKING:
    from hardware.header.rhythm import Rhythm

COLUMNS: Final = ("state", "it means", "a single light", "a row or ring", "colour")
MOTIONS: Final = {
    "swell": "the louder, the more of it from the middle on",
    "spin": "goes round with a tail",
    "breathe": "fades in and out",
    "dots": "two stay lit",
}


def looks_table() -> str:
    """In Markdown."""
    rows = [COLUMNS, *(_cells(name, look) for name, look in LOOKS.items())]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(COLUMNS) + "|", *lines[1:]])


def _cells(name: str, look: Look) -> tuple[str, ...]:
    single = _in_words(look.rhythm)
    dark = look.rhythm is OFF
    return (f"`{name}`", look.meaning, single, MOTIONS.get(look.motion, "as a single light"), "" if dark else look.hue)


def _in_words(rhythm: Rhythm) -> str:
    if rhythm in (OFF, STEADY):
        return "dark" if rhythm is OFF else "lit"
    return ", ".join(f"{'lit' if step.lit else 'dark'} {step.seconds:g} s" for step in rhythm)


if __name__ == "__main__":
    print(looks_table())
