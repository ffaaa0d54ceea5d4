import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.errors import DeviceBusy, HardwareError, PinRefused
from hardware.header.factory import pin_factory
from hardware.header.indicator import GpioIndicator
from hardware.header.output import GpioOutput, OutputSpec
from hardware.header.push_button import LEVEL_CHECK_S, GpioButton
from tests.hardware.manual_clock import ManualTimers


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = pin_factory("mock")
    yield factory
    factory.close()


class Presses:
    """A button on mock pin 17 with its callbacks written down, and a clock that a test sets."""

    def __init__(self, pins: MockFactory, **options: Any) -> None:
        self.pin = pins.pin(17)
        self.now = 100.0
        self.timers = ManualTimers()
        self.happened: list[str | float] = []
        self.button = GpioButton(17, pins, clock=lambda: self.now, later=self.timers, **options)
        self.button.on_pressed = lambda: self.happened.append("pressed")
        self.button.on_released = self.happened.append


async def told() -> None:
    """Let `call_soon_threadsafe` arrive."""
    await asyncio.sleep(0)


# The button


async def test_press_and_release_with_the_time_between(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        await told()
        assert presses.happened == ["pressed"]
        presses.now += 0.250
        presses.pin.drive_high()
        await told()
    assert presses.happened == ["pressed", pytest.approx(250)]


async def test_a_button_to_3v3_is_pressed_when_high(pins):
    presses = Presses(pins, pull="down")
    async with presses.button:
        presses.pin.drive_high()
        await told()
    assert presses.happened == ["pressed"]


async def test_edges_come_in_another_thread_and_callbacks_in_the_loops(pins):
    presses, threads = Presses(pins), []
    presses.button.on_pressed = lambda: threads.append(threading.current_thread())
    async with presses.button:
        await asyncio.to_thread(presses.pin.drive_low)
        await told()
    assert threads == [threading.main_thread()]


async def test_the_time_held_is_measured_at_the_edges_not_when_the_loop_gets_to_them(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        presses.now += 0.040
        presses.pin.drive_high()
        presses.now += 2  # the loop is late
        await told()
    assert presses.happened == ["pressed", pytest.approx(40)]


async def test_bounce_is_left_to_the_pins_driver(pins):
    presses = Presses(pins, bounce_ms=25)
    async with presses.button:
        assert presses.pin.bounce == 0.025


async def test_a_missed_edge_is_made_up_for_within_two_level_checks(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        presses.pin.drive_low()
        presses.timers.advance(LEVEL_CHECK_S)
        assert presses.happened == [], "an edge may be on its way"
        presses.timers.advance(LEVEL_CHECK_S)
        assert presses.happened == ["pressed"]
        presses.now += 0.5
        presses.pin.drive_high()
        presses.timers.advance(2 * LEVEL_CHECK_S)
    assert presses.happened == ["pressed", pytest.approx(500)]


async def test_an_edge_that_comes_after_the_level_check_does_not_count_twice(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        presses.pin.drive_low()
        presses.timers.advance(2 * LEVEL_CHECK_S)
        presses.pin._call_when_changed()
        await told()
    assert presses.happened == ["pressed"]


async def test_the_level_check_does_not_repeat_what_the_edge_told(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.drive_low()
        await told()
        presses.timers.advance(20 * LEVEL_CHECK_S)
    assert presses.happened == ["pressed"]


async def test_a_level_that_differs_only_now_and_then_is_bounce(pins):
    presses = Presses(pins)
    async with presses.button:
        presses.pin.edges = "none"
        for _ in range(5):
            presses.pin.drive_low()
            presses.timers.advance(LEVEL_CHECK_S)
            presses.pin.drive_high()
            presses.timers.advance(LEVEL_CHECK_S)
    assert presses.happened == []


async def test_a_button_that_hangs_at_the_start_counts_from_its_next_press(pins):
    presses = Presses(pins, pull="down")
    presses.pin.pull = "up"
    pins.pin(17)._set_pull = lambda _value: None  # something holds it high against the pull
    presses.pin.drive_high()
    async with presses.button:
        presses.timers.advance(5 * LEVEL_CHECK_S)
        presses.pin.drive_low()
        await told()
        assert presses.happened == []
        presses.pin.drive_high()
        await told()
        assert presses.happened == ["pressed"]


async def test_a_closed_button_is_silent_and_leaves_nothing_behind(pins):
    presses = Presses(pins)
    threads = threading.active_count()
    async with presses.button:
        pass
    presses.pin.drive_low()
    await told()
    assert presses.happened == []
    assert presses.timers.pending == []
    assert threading.active_count() == threads


async def test_the_loop_paces_the_level_check_by_itself(pins):
    pressed = asyncio.Event()
    button = GpioButton(17, pins)
    button.on_pressed = pressed.set
    async with button:
        pins.pin(17).edges = "none"
        pins.pin(17).drive_low()
        await asyncio.wait_for(pressed.wait(), 60)


# The light


async def test_the_light_keeps_the_rhythm_of_its_pattern(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, later=timers) as light:
        assert pin.state == 0
        light.show("thinking")
        lit = []
        for _ in range(6):
            lit.append(pin.state)
            timers.advance(0.25)
        assert lit == [1, 1, 0, 0, 1, 1]


async def test_a_steady_pattern_asks_for_no_timer(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, later=timers) as light:
        light.show("failed")
        light.show("listening")
        assert pin.state == 1
        assert timers.pending == []


async def test_an_unknown_pattern_is_dark(pins):
    pin = pins.pin(22)
    async with GpioIndicator(22, pins) as light:
        light.show("listening")
        light.show("disco")
        assert pin.state == 0


async def test_a_light_to_3v3_is_lit_when_low(pins):
    pin = pins.pin(22)
    async with GpioIndicator(22, pins, active_high=False) as light:
        assert pin.state == 1
        light.show("listening")
        assert pin.state == 0
        light.show("idle")
        assert pin.state == 1


async def test_a_closed_light_is_dark_and_its_timer_gone(pins):
    timers, pin = ManualTimers(), pins.pin(22)
    async with GpioIndicator(22, pins, later=timers) as light:
        light.show("speaking")
        threads = threading.active_count()
    assert pin.state == 0
    assert timers.pending == []
    assert threading.active_count() == threads


# Devices


def output(pins: MockFactory, **options: Any) -> GpioOutput:
    return GpioOutput(
        OutputSpec(
            **{"name": "lamp", "pin": 26} | {key: options[key] for key in options if key != "kind"},
            dimmable=options.get("kind") == "pwm",
        ),
        pins,
    )


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


# Pins that cannot be had


def test_a_pin_in_use_is_refused(pins):
    _lamp = output(pins)  # gpiozero frees the pin of a device that nobody refers to
    with pytest.raises(PinRefused, match="pin 26 for 'fan' is already in use"):
        output(pins, name="fan")


async def test_a_pin_that_does_not_exist_is_refused(pins):
    with pytest.raises(PinRefused, match="pin 99 for the button does not exist"):
        async with GpioButton(99, pins):
            pass


class LgpioError(Exception):
    """Like `lgpio.error`, which derives from Exception alone."""


@pytest.mark.parametrize(("message", "error"), [("'GPIO busy'", DeviceBusy), ("'bad GPIO number'", HardwareError)])
def test_errors_of_lgpio_are_told_in_our_words(pins, monkeypatch, message, error):
    module = type(sys)("lgpio")
    module.error = LgpioError
    monkeypatch.setitem(sys.modules, "lgpio", module)

    def fail(_name: object) -> object:
        raise LgpioError(message)

    monkeypatch.setattr(pins, "pin", fail)
    with pytest.raises(error, match="pin 26"):
        output(pins)


def test_mock_pins_do_pwm():
    factory = pin_factory("mock")
    light = output(factory, kind="pwm")
    light.set_level(0.25)
    assert factory.pin(26).state == 0.25
    light.close()


def test_real_pins_on_a_machine_without_any_are_refused_not_replaced(monkeypatch):
    monkeypatch.setitem(sys.modules, "lgpio", None)
    with pytest.raises(HardwareError, match="lgpio"):
        pin_factory("auto")
