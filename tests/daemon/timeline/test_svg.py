from xml.etree import ElementTree as ET

import pytest

from daemon.timeline.svg import Picture, text_width

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: Picture) -> ET.Element:
    return ET.fromstring(picture.to_bytes(100, 50))  # noqa: S314  our own document


def test_the_size_may_be_known_last() -> None:
    root = drawn(Picture("A chart"))

    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 100 50", "100", "50")
    assert (root.get("role"), root.get("aria-label")) == ("img", "A chart")


def test_layers_lie_over_each_other_in_the_order_of_their_making() -> None:
    picture = Picture("")
    below, above = picture.layer(), picture.layer()
    above.dot((1, 2), 3, "red")
    below.rect(0, 0, 10, 20, "white", opacity=0.5, r=2)

    lower, upper = drawn(picture)
    assert lower[0].attrib == {
        "x": "0", "y": "0", "width": "10", "height": "20", "rx": "2", "fill": "white", "fill-opacity": "0.5",
    }  # fmt: skip
    assert upper[0].attrib == {"cx": "1", "cy": "2", "r": "3", "fill": "red"}


def test_an_area_reaches_down_to_its_base_and_a_curve_does_not() -> None:
    picture = Picture("")
    layer = picture.layer()
    layer.area([(1, 5), (2, 4)], 10, "blue")
    layer.curve([(1, 5), (2, 4)], "blue")

    area, curve = drawn(picture)[0]
    assert area.get("points") == "1.0,10.0 1.0,5.0 2.0,4.0 2.0,10.0"
    assert curve.get("points") == "1.0,5.0 2.0,4.0"


def test_a_rectangle_is_never_inside_out() -> None:
    picture = Picture("")
    picture.layer().rect(5, 0, -1, 10, "white")

    assert drawn(picture)[0][0].get("width") == "0"


@pytest.mark.parametrize("text", ["a <b> & 'c' \"d\"", "Küche 🍞", "tab\tand\nline"])
def test_any_text_comes_through(text: str) -> None:
    picture = Picture(text)
    picture.layer().text((0, 0), text, 12, "black", bold=True, anchor="end", halo="white")

    (element,) = drawn(picture)[0]
    assert element.text == text
    assert element.attrib.items() >= {"font-weight": "600", "text-anchor": "end", "stroke": "white"}.items()


def test_what_xml_forbids_is_left_out() -> None:
    picture = Picture("a\x00b")
    picture.layer().text((0, 0), "bell\x07 and \ud800 half", 12, "black")

    root = drawn(picture)
    assert root.get("aria-label") == "ab"
    assert root[0][0].text == "bell and  half"


def test_wider_text_is_wider() -> None:
    assert text_width("mute", 12) < text_width("microphone", 12) < text_width("microphone", 14)
