"""A light of three colours on mock pins, as a row of one."""

import pytest

from hardware.lights.rgb_pixel import RgbPixel


@pytest.mark.parametrize("active_high", [True, False])
def test_it_shows_colours_and_is_dark_before_and_after(pins, active_high):
    light = RgbPixel((17, 27, 22), pins, active_high=active_high)
    wires = [pins.pin(number) for number in (17, 27, 22)]
    light.open()
    dark = [int(not active_high)] * 3
    assert [wire.state for wire in wires] == dark
    light.write(bytes((255, 0, 51)))
    assert [wire.state for wire in wires] == pytest.approx([1, 0, 0.2] if active_high else [0, 1, 0.8])
    light.close()
    if active_high:  # a mock pin falls back to low when it is let go
        assert [wire.state for wire in wires] == dark
    light.close()
    light.write(bytes((255, 255, 255)))
    assert [wire.state for wire in wires] == [0, 0, 0]
