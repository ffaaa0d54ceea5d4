"""The picture of a minute."""

from xml.etree import ElementTree as ET

from daemon.meter.minute_chart import minute_chart
from tests.daemon.meter.moments import moment

SVG = "{http://www.w3.org/2000/svg}"


def texts(document: bytes) -> list[str]:
    return [element.text or "" for element in ET.fromstring(document).iter(f"{SVG}text")]  # noqa: S314  our own


def test_it_has_a_lane_for_each_thing_and_the_words_that_woke() -> None:
    moments = [moment(at_s=0.08 * n, clipped=n == 7, gate_open=n > 4) for n in range(1, 750)]
    moments[500] = moment(at_s=0.08 * 501, score=0.9, fired=("hey_jarvis",))
    document = minute_chart(moments, 0.5, 'the "kitchen" <&>')
    assert {"level, dBFS", "wake word", "voice", "hey_jarvis", 'the "kitchen" <&>', "0.1 s", "59.9 s"} <= set(
        texts(document)
    )
    assert document.count(b"<circle") == 1
    assert document.count(b'stroke-dasharray="4 4"') == 1


def test_a_moment_is_enough() -> None:
    assert minute_chart([moment()], 0.5, "short").startswith(b"<?xml")
