"""APA102 lights: every bit that goes over the wire, by the data sheet."""

import logging

import pytest

from hardware.fake_lights import RecordingPort
from hardware.lights.apa102 import Apa102, wire_of

START = b"\x00\x00\x00\x00"
LATCH = b"\x00\x00\x00\x00"


def test_a_frame_is_32_zeros_then_brightness_blue_green_red_of_each() -> None:
    frame = b"\xff\x00\x00\x00\xff\x00\x00\x00\xff"
    lights = b"\xff\x00\x00\xff\xff\x00\xff\x00\xff\xff\x00\x00"
    assert wire_of(frame) == START + lights + LATCH + b"\x00"


def test_the_header_is_three_ones_and_five_bits_of_brightness() -> None:
    faint = wire_of(b"\x08\x04\x00")[4:8]
    assert faint[0] == 0b111_00001
    assert faint[1:] == bytes((0, 124, 248)), "blue, green, red: 31 times as much at a 31st of the brightness"
    assert wire_of(bytes(3))[4:8] == b"\xe0\x00\x00\x00"


def test_no_colour_is_lost_by_the_brightness() -> None:
    for value in range(256):
        header, _, _, red = wire_of(bytes((value, 0, 0)))[4:8]
        assert red * (header & 31) / 31 == pytest.approx(value, abs=0.5), value


@pytest.mark.parametrize(("count", "clocks"), [(1, 1), (3, 2), (12, 6), (16, 8), (17, 9), (144, 72)])
def test_the_end_has_an_edge_for_every_second_light_and_lights_no_other(count: int, clocks: int) -> None:
    end = wire_of(bytes(3 * count))[4 + 4 * count :]
    assert 8 * len(end) - 32 >= clocks
    assert set(end) == {0}


def test_it_is_dark_when_it_is_opened_and_when_it_is_closed() -> None:
    port = RecordingPort()
    lights = Apa102("/dev/spidev0.0", 3, port=port)
    lights.open()
    lights.write(b"\xff" * 9)
    lights.close()
    dark = wire_of(bytes(9))
    assert port.sent == [dark, wire_of(b"\xff" * 9), dark]
    assert not port.is_open
    lights.close()
    assert len(port.sent) == 3


def test_lights_that_cannot_be_put_out_are_told(caplog: pytest.LogCaptureFixture) -> None:
    port = RecordingPort()
    lights = Apa102("/dev/spidev0.0", 3, port=port)
    lights.open()
    port.broken = True
    with caplog.at_level(logging.ERROR):
        lights.close()
    assert "the lights at /dev/spidev0.0 may stay lit" in caplog.text
    assert not port.is_open
