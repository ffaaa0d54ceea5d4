"""A device on a pin: safe before and after, and what is read back is what the pin says."""

import pytest

from hardware.errors import HardwareError
from hardware.fake_board import Board
from tests.hardware.header.lines import PIN, output, process


@pytest.mark.parametrize("kind", ["led", "relay"])
@pytest.mark.parametrize("active_high", [True, False])
def test_switching_is_seen_on_the_pin_and_read_back(pins, kind, active_high):
    lamp, pin = output(pins, kind=kind, active_high=active_high), pins.pin(26)
    assert not lamp.dimmable
    for on in (True, False, True):
        lamp.switch(on)
        assert bool(pin.state) is (on == active_high)
        assert lamp.read().on is on
        assert lamp.read().level is None


def test_the_state_is_what_the_pin_says_not_what_was_asked(pins):
    lamp, pin = output(pins), pins.pin(26)
    lamp.switch(on=True)
    pin.state = 0  # a fault, or someone else's hand
    assert not lamp.read().on


@pytest.mark.parametrize("kind", ["led", "relay", "pwm"])
@pytest.mark.parametrize("active_high", [True, False])
@pytest.mark.parametrize("safe_on", [True, False])
def test_safe_from_the_first_moment_and_again_at_the_end(pins, kind, active_high, safe_on):
    pin = pins.pin(26)
    device = output(pins, kind=kind, active_high=active_high, safe_on=safe_on)
    safe = safe_on == active_high
    driven = [bool(state.state) for state in pin.states[1:]]
    assert all(state == safe for state in driven), "not even for a moment anything else"
    assert bool(pin.state) is safe
    device.switch(not safe_on)
    assert bool(pin.state) is not safe
    device.make_safe()
    assert bool(pin.state) is safe
    device.switch(not safe_on)
    pin.clear_states()
    device.close()
    assert bool(pin.states[1].state) is safe


def test_levels_are_set_exactly_and_read_back(pins):
    light, pin = output(pins, kind="pwm", min_level=0.2, max_level=0.8), pins.pin(26)
    assert light.dimmable
    for level in (0.2, 0.35, 0.8, 0.0):
        light.set_level(level)
        assert pin.state == level
        assert light.read().level == level
        assert light.read().on is (level > 0)


def test_on_is_as_bright_as_the_maker_allows(pins):
    light = output(pins, kind="pwm", max_level=0.6)
    light.switch(on=True)
    assert light.read().level == 0.6
    light.switch(on=False)
    assert light.read() == type(light.read())(on=False, level=0.0)


def test_an_active_low_level_reads_back_as_it_was_set(pins):
    light, pin = output(pins, kind="pwm", active_high=False), pins.pin(26)
    light.set_level(0.3)
    assert pin.state == pytest.approx(0.7)
    assert light.read().level == 0.3


@pytest.mark.parametrize("level", [0.1, 0.9, 1.5, -0.1, float("nan")])
def test_a_level_out_of_bounds_is_refused_and_nothing_changes(pins, level):
    light = output(pins, kind="pwm", min_level=0.2, max_level=0.8)
    light.set_level(0.5)
    with pytest.raises(HardwareError, match=r"out of bounds for 'lamp'. Fix: choose 0, or a level from 0.2 to 0.8"):
        light.set_level(level)
    assert light.read().level == 0.5


def test_a_device_without_levels_says_so(pins):
    with pytest.raises(HardwareError, match="'lamp' has no levels"):
        output(pins).set_level(0.5)


def test_a_pin_that_fails_does_not_stop_others_from_being_made_safe(pins, caplog):
    lamp = output(pins)
    lamp._device.close()
    lamp.make_safe()
    assert "'lamp' could not be made safe" in caplog.text


def test_a_pin_that_fails_while_switching_is_a_hardware_error(pins):
    lamp = output(pins)
    lamp._device.close()
    with pytest.raises(HardwareError, match="cannot use pin 26 of 'lamp'"):
        lamp.switch(on=True)
    with pytest.raises(HardwareError, match="cannot use pin 26 of 'lamp'"):
        lamp.read()


def test_a_tone_is_a_wave_that_is_high_half_of_the_time():
    board = Board()
    with process(board) as pins:
        buzzer = output(pins, tone_hz=2000.0)
        assert (buzzer.dimmable, buzzer.read().on) == (False, False)
        buzzer.switch(on=True)
        assert (buzzer.read().on, buzzer.read().level) == (True, None)
        assert ("tx_pwm", 2000.0, 50.0) in board.called(PIN)
        buzzer.close()
    assert board.pads[PIN].seen == ["in", 0, ("wave", 50.0), 0]
