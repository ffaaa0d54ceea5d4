"""The few shapes a chart needs, as SVG."""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

FONT: Final = "Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
EM_PER_CHARACTER: Final = 0.58
"""The mean width of a character; generous, for a reader's font may be wider than ours."""

UNPRINTABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow in a document (section 2.2)."""

Point = tuple[float, float]


def text_width(text: str, size: float) -> float:
    """About how wide `text` will be, in pixels."""
    return len(text) * size * EM_PER_CHARACTER


class Layer:
    """A group of shapes; layers lie over each other in the order in which they were made."""

    def __init__(self, group: ET.Element) -> None:
        self._group = group

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, opacity: float = 1, r: float = 0
    ) -> None:
        """A rectangle with corners of radius `r`."""
        self._add("rect", x=x, y=y, width=max(0.0, width), height=height, rx=r, fill=fill, fill_opacity=opacity)

    def line(self, start: Point, end: Point, stroke: str, *, width: float = 1, dashes: str = "none") -> None:
        self._add(
            "line",
            x1=start[0],
            y1=start[1],
            x2=end[0],
            y2=end[1],
            stroke=stroke,
            stroke_width=width,
            stroke_dasharray=dashes,
        )

    def area(self, points: Sequence[Point], base: float, fill: str, *, opacity: float = 1) -> None:
        """What lies between the curve through `points` and the height `base`."""
        outline = [(points[0][0], base), *points, (points[-1][0], base)]
        self._add("polygon", points=_coordinates(outline), fill=fill, fill_opacity=opacity)

    def curve(self, points: Sequence[Point], stroke: str, *, width: float = 1.5) -> None:
        self._add(
            "polyline",
            points=_coordinates(points),
            fill="none",
            stroke=stroke,
            stroke_width=width,
            stroke_linejoin="round",
        )

    def dot(self, centre: Point, radius: float, fill: str) -> None:
        self._add("circle", cx=centre[0], cy=centre[1], r=radius, fill=fill)

    def text(
        self, at: Point, text: str, size: float, fill: str, *, bold: bool = False, anchor: str = "start", halo: str = ""
    ) -> None:
        """`text` on the baseline through `at`, which is its start, middle or end.

        With a `halo` of that colour around the letters, so that lines behind them do not disturb.
        """
        attributes: dict[str, str | float] = {"x": at[0], "y": at[1], "font_size": size, "fill": fill}
        element = self._add("text", **attributes, font_weight=600 if bold else 400, text_anchor=anchor)
        if halo:
            element.attrib |= {"stroke": halo, "stroke-width": "4", "stroke-linejoin": "round", "paint-order": "stroke"}
        element.text = UNPRINTABLE.sub("", text)

    def _add(self, tag: str, **attributes: str | float) -> ET.Element:
        return ET.SubElement(
            self._group, tag, {name.replace("_", "-"): _value(value) for name, value in attributes.items()}
        )


class Picture:
    """An SVG document; its size may be known last."""

    def __init__(self, label: str) -> None:
        self._root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": FONT})
        self._root.set("aria-label", UNPRINTABLE.sub("", label))

    def layer(self) -> Layer:
        return Layer(ET.SubElement(self._root, "g"))

    def to_bytes(self, width: float, height: float) -> bytes:
        """The document, `width` by `height` pixels."""
        self._root.set("viewBox", f"0 0 {width:.0f} {height:.0f}")
        self._root.set("width", f"{width:.0f}")
        self._root.set("height", f"{height:.0f}")
        ET.indent(self._root)
        document: bytes = ET.tostring(self._root, encoding="utf-8", xml_declaration=True)
        return document


def _coordinates(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
