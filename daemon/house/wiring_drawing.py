"""`docs/pictures/*.svg`: how each kind is wired, drawn from its rows and the pins of its example."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.house.wiring_rows import SHOWN
from daemon.house.wiring_tables import INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from daemon.house.wiring_rows import Across, Part, Row, Shown

ON_THE_HEADER: Final[Mapping[str, int]] = {
    "3V3": 1,
    "5V": 2,
    "GND": 6,
    **{
        f"GPIO {line}": pin
        for line, pin in (
            *((2, 3), (3, 5), (4, 7), (14, 8), (15, 10), (17, 11), (18, 12), (27, 13), (22, 15), (23, 16)),
            *((24, 18), (10, 19), (9, 21), (25, 22), (11, 23), (8, 24), (7, 26), (5, 29), (6, 31), (12, 32)),
            *((13, 33), (19, 35), (16, 36), (26, 37), (20, 38), (21, 40)),
        )
    },
}
"""Where on the 40 pins each is; of those that are there several times one."""

PI_X, THING_X, WIDTH, TOP, STEP = 190, 430, 640, 60, 50
"""In pixels: the edges of both boxes, and where the first wire is and how far it is to the next."""
PART_X = 310
ACROSS_X: Final = {"before": 235, "within": PART_X, "behind": 370}
_COLOURS: Final = {"3V3": "#d97706", "5V": "#dc2626", "GND": "#111827", "own": "#6b7280"}


def pictures() -> dict[str, str]:
    """Each file's name, and the SVG in it."""
    tables = {**{name: kind.wired.table for name, kind in KINDS.items()}, **{k: w.table for k, w in INPUTS.items()}}
    return {f"{kind}.svg": svg(shown, tomllib.loads(tables[kind])) for kind, shown in SHOWN.items()}


def svg(shown: Shown, table: Mapping[str, Any]) -> str:
    """The picture of a thing that is wired as the table says."""
    height = TOP + STEP * len(shown.rows)
    box = f'y="30" height="{height - 40}" rx="6" fill="#f3f4f6" stroke="#374151"'
    body = [
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<rect x="10" width="{PI_X - 10}" {box}/>',
        f'<rect x="{THING_X}" width="{WIDTH - THING_X - 10}" {box}/>',
        _text(20, 22, "Raspberry Pi", bold=True),
        _text(THING_X + 10, 22, shown.thing, bold=True),
        *(line for across in shown.across for line in _between(across)),
        *(
            line
            for number, row in enumerate(shown.rows)
            for line in _wire(TOP + STEP * number, row, table, stops_x=_stop(shown, number))
        ),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="14">'
    )
    title = f"<title>How a {escape(str(table['kind']))} is wired</title>"
    return "\n".join([head, title, *body, "</svg>"]) + "\n"


def end_of(row: Row, table: Mapping[str, Any]) -> str:
    """Where a wire begins, as it is written on the picture."""
    return f"GPIO {table[row.end]}" if row.end in table else row.end


def _stop(shown: Shown, number: int) -> int:
    """Where a wire ends that goes to nothing but what is across."""
    touching = (ACROSS_X[across.where] for across in shown.across if number in (across.upper, across.lower))
    return next(touching, THING_X)


def _wire(y: int, row: Row, table: Mapping[str, Any], stops_x: int) -> Iterator[str]:
    end = end_of(row, table)
    first, _, more = end.partition(", ")
    colour = _COLOURS.get(first.split()[0], "#2563eb")
    yield f'<path d="M{PI_X} {y}H{THING_X if row.to else stops_x}" stroke="{colour}" stroke-width="3"/>'
    for x in (PI_X, THING_X) if row.to else (PI_X,):
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>'
    place = f"{first} (pin {ON_THE_HEADER[first]})" if first in ON_THE_HEADER else first
    yield _text(20, y + 5, place)
    if more:
        yield _text(20, y + 22, f"and {more}")
    if row.to:
        yield _text(THING_X + 14, y + 5, row.to)
    yield from _symbol(PART_X, y, row.part)


def _between(across: Across) -> Iterator[str]:
    upper, lower = (TOP + STEP * number for number in (across.upper, across.lower))
    x, middle = ACROSS_X[across.where], (upper + lower) // 2
    yield f'<path d="M{x} {upper}V{lower}" stroke="#111827" stroke-width="2"/>'
    for y in (upper, lower):
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="#111827"/>'
    if standing := "".join(_symbol(0, 0, across.part, words=False)):
        yield f'<g transform="translate({x} {middle}) rotate(90)">{standing}</g>'
        yield _text(x + 14, middle + 5, across.part.text)


def _symbol(x: int, y: int, part: Part, *, words: bool = True) -> Iterator[str]:
    """Drawn over a wire that goes from left to right."""
    drawn = {
        "resistor": f'<rect x="{x - 16}" y="{y - 6}" width="32" height="12" {_INK}/>',
        "capacitor": f'<rect x="{x - 4}" y="{y - 12}" width="8" height="24" fill="#fff"/>'
        f'<path d="M{x - 4} {y - 12}v24M{x + 4} {y - 12}v24" {_INK}/>',
        "diode": f'<path d="M{x + 8} {y - 8}v16l-16 -8zM{x - 8} {y - 8}v16" {_INK}/>',
        "mosfet": f'<rect x="{x - 34}" y="{y - 14}" width="68" height="28" {_INK}/>'
        + _text(x - 28, y + 5, "MOSFET")
        + _text(x - 50, y - 6, "G")
        + _text(x + 38, y - 6, "D")
        + _text(x + 6, y + 28, "S"),
    }.get(part.symbol, "")
    if drawn:
        yield drawn
    if words and part.text:
        yield _text(x - 18, y - 10, part.text)


_INK: Final = 'fill="#fff" stroke="#111827" stroke-width="2"'


def _text(x: int, y: int, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight}>{escape(words)}</text>'
