"""What our pins do to the lines of a real chip, call by call. Where levels are promised, all a line ever was counts."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest

from daemon.lights.looks import RHYTHMS
from hardware.errors import DeviceBusy, HardwareError, PinRefused
from hardware.fake_board import Board
from hardware.header.indicator import GpioIndicator
from hardware.header.push_button import LEVEL_CHECK_S, GpioButton
from tests.hardware.header.lines import KINDS, PIN, output, process
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from hardware.fake_board import Level

each_polarity = pytest.mark.parametrize("active_high", [True, False], ids=["active high", "active low"])
each_way = pytest.mark.parametrize(
    "options",
    [{"kind": k, "active_high": high, "safe_on": on} for k in KINDS for high in (True, False) for on in (True, False)],
    ids=lambda o: (
        f"{o['kind']}, active {'high' if o['active_high'] else 'low'}, safe {'on' if o['safe_on'] else 'off'}"
    ),
)


@pytest.fixture
def board() -> Board:
    return Board()


def levels(*, active_high: bool, safe_on: bool) -> tuple[Level, Level]:
    """What the line is in the safe state, and in the other."""
    return (1, 0) if safe_on is active_high else (0, 1)


# An output


@each_way
def test_it_is_claimed_once_as_an_output_at_its_safe_level(board: Board, options: dict[str, Any]) -> None:
    safe, _other = levels(active_high=options["active_high"], safe_on=options["safe_on"])
    with process(board) as factory:
        _lamp = output(factory, **options)
        assert board.called(PIN) == [("gpio_claim_output", safe)]
        assert board.pads[PIN].seen == ["in", safe]


@each_way
def test_no_level_is_ever_seen_that_nobody_asked_for(board: Board, options: dict[str, Any]) -> None:
    safe, other = levels(active_high=options["active_high"], safe_on=options["safe_on"])
    with process(board) as factory:
        lamp = output(factory, **options)
        lamp.switch(not options["safe_on"])
        lamp.make_safe()
        lamp.switch(not options["safe_on"])
        lamp.close()
    assert board.pads[PIN].seen == ["in", safe, other, safe, other, safe]


@each_way
def test_closed_it_is_driven_at_its_safe_level_and_never_an_input_again(board: Board, options: dict[str, Any]) -> None:
    safe, _other = levels(active_high=options["active_high"], safe_on=options["safe_on"])
    with process(board) as factory:
        lamp = output(factory, **options)
        lamp.switch(not options["safe_on"])
        lamp.close()
        assert board.pads[PIN].user == "lg", "it is held as long as the process has the chip"
        assert board.called(PIN)[-1] == ("gpio_write", safe)
    assert board.pads[PIN].seen[-1] == board.pads[PIN].level == safe
    assert board.pads[PIN].user == ""
    assert "gpio_claim_input" not in [call[0] for call in board.calls]
    assert board.calls[-1] == ("gpiochip_close",)


@each_way
def test_a_restart_is_not_seen_on_the_line(board: Board, options: dict[str, Any]) -> None:
    safe, _other = levels(active_high=options["active_high"], safe_on=options["safe_on"])
    for _ in range(3):
        with process(board) as factory:
            output(factory, **options).close()
    assert board.pads[PIN].seen == ["in", safe]


@each_way
def test_what_a_killed_process_left_switched_is_made_safe_in_one_step(board: Board, options: dict[str, Any]) -> None:
    safe, other = levels(active_high=options["active_high"], safe_on=options["safe_on"])
    with process(board, killed=True) as factory:
        lamp = output(factory, **options)
        lamp.switch(not options["safe_on"])
    assert board.pads[PIN].seen[-1] == other, "the kernel keeps it"
    mark = len(board.calls)
    with process(board) as factory:
        output(factory, **options).close()
    assert board.pads[PIN].seen == ["in", safe, other, safe]
    assert next(call for call in board.calls[mark:] if call[1:2] == (PIN,)) == ("gpio_claim_output", PIN, safe)


@each_polarity
def test_a_dimmer_that_was_killed_in_the_middle_is_made_safe(board: Board, active_high: bool) -> None:
    off = int(not active_high)
    with process(board, killed=True) as factory:
        lamp = output(factory, kind="pwm", active_high=active_high)
        lamp.set_level(0.3)
    assert board.pads[PIN].level is None, "wherever the wave was"
    with process(board) as factory:
        output(factory, kind="pwm", active_high=active_high).close()
    assert board.pads[PIN].seen[-1] == board.pads[PIN].level == off


@each_polarity
def test_a_dimmer_passes_through_no_level_on_its_way(board: Board, active_high: bool) -> None:
    on, off = int(active_high), int(not active_high)
    with process(board) as factory:
        light = output(factory, kind="pwm", active_high=active_high)
        for level in (0.3, 1.0, 0.3, 0.7, 0.0, 0.3):
            light.set_level(level)
        light.close()
    low, high = ("wave", 30.0 if active_high else 70.0), ("wave", 70.0 if active_high else 30.0)
    assert board.pads[PIN].seen == ["in", off, low, on, low, high, off, low, off]
    assert board.pads[PIN].level == off, "steady: what ends a wave leaves it anywhere"


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_full_and_off_are_steady_so_that_nothing_has_to_drive_them(board: Board, level: float) -> None:
    with process(board) as factory:
        light = output(factory, kind="pwm")
        light.set_level(0.5)
        mark = len(board.calls)
        light.set_level(level)
        assert board.calls[mark:] == [("tx_pwm", PIN, 0, 0), ("gpio_write", PIN, int(level))]
        light.set_level(level)
        assert board.calls[mark + 2 :] == [("gpio_write", PIN, int(level))], "no wave is ended that is none"


@each_polarity
def test_a_dimmer_that_is_safe_at_less_than_full_begins_dark_and_ends_fully_on(board: Board, active_high: bool) -> None:
    on, off = int(active_high), int(not active_high)
    wave = ("wave", 60.0 if active_high else 40.0)
    with process(board) as factory:
        light = output(factory, kind="pwm", active_high=active_high, safe_on=True, max_level=0.6)
        assert board.pads[PIN].seen == ["in", off, wave]
        assert light.read().level == 0.6
        light.switch(on=False)
        light.make_safe()
        light.close()
    assert board.pads[PIN].seen == ["in", off, wave, off, wave, on]


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_is_read_back_not_remembered(board: Board, kind: str) -> None:
    with process(board) as factory:
        lamp = output(factory, kind=kind)
        lamp.switch(on=True)
        board.pads[PIN].becomes(0)  # a short circuit
        assert not lamp.read().on


def test_a_pin_is_used_again_in_another_way(board: Board) -> None:
    with process(board) as factory:
        output(factory, active_high=False).close()
        mark = len(board.calls)
        again = output(factory, active_high=True)
        assert board.calls[mark:] == [("gpio_write", PIN, 0)], "a claim would take no level"
        again.close()


def test_a_third_that_cannot_be_had_leaves_the_first_two_safe_and_driven(board: Board) -> None:
    board.pads[22].user = "spi0 CS1"
    with process(board) as factory:
        first, second = output(factory, pin=17, active_high=False), output(factory, pin=27, kind="pwm", safe_on=True)
        with pytest.raises(DeviceBusy, match="pin 22 for 'lamp' is held by another program"):
            output(factory, pin=22)
        first.close()
        second.close()
    assert [board.pads[pin].seen for pin in (17, 27, 22)] == [["in", 1], ["in", 1], ["in"]]


def test_nothing_reads_a_line_that_is_not_ours_for_a_read_would_claim_it(board: Board) -> None:
    board.pads[PIN].user = "other"
    with process(board) as factory:
        with pytest.raises(DeviceBusy) as told:
            output(factory)
        with pytest.raises(PinRefused, match="already in use"):  # names the device that was refused, which `told` keeps
            output(factory)
        board.pads[PIN].user = ""
        del told
    assert "gpio_claim_input" not in {call[0] for call in board.calls}


def test_a_line_that_fails_is_told_and_does_not_keep_the_others_on(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    with process(board) as factory:
        lamps = [output(factory, pin=pin) for pin in (17, 22, 27)]
        for lamp in lamps:
            lamp.switch(on=True)
        board.broken.add(22)
        with pytest.raises(HardwareError, match="cannot use pin 22 of 'lamp'"):
            lamps[1].switch(on=False)
        for lamp in lamps:
            lamp.close()
    assert [board.pads[pin].level for pin in (17, 22, 27)] == [0, 1, 0]
    assert "'lamp' could not be made safe" in caplog.text
    assert board.calls[-1] == ("gpiochip_close",)


def test_a_dimmer_whose_wave_cannot_begin_says_so_and_stays_what_it_was(board: Board) -> None:
    with process(board) as factory:
        light = output(factory, kind="pwm")
        light.switch(on=True)
        board.broken.add(PIN)
        with pytest.raises(HardwareError):
            light.set_level(0.5)
        board.broken.clear()
        assert light.read().level == 1.0


# The light


@each_polarity
async def test_the_light_is_claimed_dark_and_ends_dark_and_driven(board: Board, active_high: bool) -> None:
    on, off = int(active_high), int(not active_high)
    timers = ManualTimers()
    with process(board) as factory:
        async with GpioIndicator(PIN, factory, RHYTHMS, active_high=active_high, later=timers) as light:
            assert board.called(PIN) == [("gpio_claim_output", off)]
            light.show("muted")
            light.show("listening")
        assert board.called(PIN)[-1] == ("gpio_write", off)
    assert board.pads[PIN].seen[:2] == ["in", off]
    assert set(board.pads[PIN].seen[2:]) <= {on, off}
    assert board.pads[PIN].seen[-1] == off


async def test_a_light_whose_line_fails_at_the_end_is_told(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    with process(board) as factory:
        async with GpioIndicator(PIN, factory, RHYTHMS) as light:
            light.show("listening")
            board.broken.add(PIN)
    assert f"the indicator on pin {PIN} could not be made safe" in caplog.text


async def test_a_light_that_fails_does_not_end_the_appliance(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    timers = ManualTimers()
    with process(board) as factory:
        async with GpioIndicator(PIN, factory, RHYTHMS, later=timers) as light:
            light.show("thinking")
            board.broken.add(PIN)
            timers.advance(2)
            light.show("thinking")
            assert timers.pending == []
            board.broken.clear()
            light.show("listening")
            assert board.pads[PIN].level == 1
    assert caplog.text.count(f"the indicator on pin {PIN} does not do as it is told") == 2
    assert board.pads[PIN].level == 0


# A button


async def test_a_button_that_cannot_be_read_is_told_once_and_heard_again(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    timers, pressed = ManualTimers(), asyncio.Event()
    with process(board) as factory:
        button = GpioButton(PIN, factory, later=timers)
        button.on_pressed = pressed.set
        async with button:
            board.broken.add(PIN)
            timers.advance(20 * LEVEL_CHECK_S)
            board.broken.clear()
            board.listeners.clear()  # an edge that is lost
            board.drive(PIN, 0)
            timers.advance(2 * LEVEL_CHECK_S)
            assert pressed.is_set()
    assert caplog.text.count(f"the button on pin {PIN} cannot be read") == 1


@pytest.mark.parametrize(("pull", "flags"), [("up", 32), ("down", 64)])
async def test_a_button_is_pulled_from_its_first_claim_on_and_never_floats(
    board: Board, pull: Literal["up", "down"], flags: int
) -> None:
    timers = ManualTimers()
    with process(board) as factory:
        async with GpioButton(PIN, factory, pull=pull, later=timers):
            claims = [call for call in board.called(PIN) if call[0].startswith("gpio_claim")]
            assert claims == [("gpio_claim_input", flags), ("gpio_claim_alert", 3, flags)]
            assert board.pads[PIN].pull == pull
        assert board.called(PIN)[-1] == ("gpio_free",)
        assert board.pads[PIN].user == ""
    assert board.pads[PIN].seen == ["in"]
    assert board.listeners[PIN] == []


async def test_a_button_is_tried_the_other_way_round(board: Board) -> None:
    with process(board) as factory:
        for pull, flags in (("up", 32), ("down", 64)):
            mark = len(board.called(PIN))
            async with GpioButton(
                PIN, factory, pull=cast("Literal['up', 'down']", pull), later=ManualTimers()
            ) as button:
                assert board.called(PIN)[mark] == ("gpio_claim_input", flags)
                assert board.pads[PIN].pull == pull
                assert not button.is_down


async def test_a_button_is_heard(board: Board) -> None:
    pressed = asyncio.Event()
    with process(board) as factory:
        button = GpioButton(PIN, factory, later=ManualTimers())
        button.on_pressed = pressed.set
        async with button:
            board.drive(PIN, 0)
            await asyncio.wait_for(pressed.wait(), 5)
            assert button.is_down


async def test_a_button_does_not_disturb_the_line_of_another_part(board: Board) -> None:
    with process(board) as factory:
        lamp = output(factory)
        lamp.switch(on=True)
        before = board.called(PIN)
        async with GpioButton(17, factory, later=ManualTimers()):
            pass
        assert board.called(PIN) == before
        with pytest.raises(PinRefused, match="already in use by Pipit"):
            async with GpioButton(PIN, factory, later=ManualTimers()):
                pass
        assert board.called(PIN) == before
        lamp.close()


async def test_a_line_that_was_an_output_becomes_a_button(board: Board) -> None:
    board.pads[PIN].becomes(1)  # what an earlier process left
    with process(board) as factory:
        async with GpioButton(PIN, factory, later=ManualTimers()):
            assert board.pads[PIN].seen[-1] == "in"


async def test_a_button_that_another_program_holds(board: Board) -> None:
    board.pads[PIN].user = "gpiomon"
    with process(board) as factory:
        with pytest.raises(DeviceBusy, match="pin 26 for the button is held by another program"):
            async with GpioButton(PIN, factory, later=ManualTimers()):
                pass
        board.pads[PIN].user = ""
        async with GpioButton(PIN, factory, later=ManualTimers()):
            pass


async def test_a_pull_against_a_resistor_of_the_board_is_refused(board: Board) -> None:
    with process(board) as factory, pytest.raises(HardwareError, match="physical pull-up"):
        async with GpioButton(2, factory, pull="down", later=ManualTimers()):
            pass


# The chip


def test_a_device_that_failed_may_be_collected_while_another_is_claimed(board: Board) -> None:
    """The collector closes it, under the lock that the claim holds."""
    board.pads[PIN].user = "other"
    with process(board) as factory:
        try:
            output(factory)
        except DeviceBusy as error:
            error.__cause__ = error  # only the collector gets rid of it
        lock = cast("Any", factory)._res_lock
        with lock:
            assert lock.acquire(blocking=False), "or it would wait for itself"
            lock.release()
            gc.collect()
        board.pads[PIN].user = ""
        output(factory).close()
    assert board.pads[PIN].seen == ["in", 0]


def test_no_board_need_be_known(board: Board) -> None:
    """Nor is one here: no revision in a device tree, none in /proc/cpuinfo, as with Debian's own kernel on a Pi."""
    with process(board) as factory:
        for pin in range(28):
            output(factory, pin=pin).close()
    assert [pin for name, *about in board.calls if name == "gpio_claim_output" for pin in about[:1]] == [*range(28)]


@pytest.mark.parametrize("pin", [28, 53, 99, -1])
def test_what_the_header_does_not_carry_is_no_pin(board: Board, pin: int) -> None:
    with process(board) as factory, pytest.raises(PinRefused, match=f"pin {pin} for 'lamp' does not exist"):
        output(factory, pin=pin)


def test_nothing_of_a_closed_factory_is_used_by_the_next(board: Board) -> None:
    with process(board) as factory:
        lamp = output(factory)
    with process(board) as factory:
        again = output(factory)
        again.switch(on=True)
        with pytest.raises(HardwareError, match="the GPIO chip of GPIO26 is closed"):
            lamp.switch(on=False)
        lamp.close()
        assert again.read().on
        again.close()


def test_a_line_that_cannot_be_let_go_does_not_keep_the_chip_open(
    board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    with process(board) as factory:
        light = output(factory, kind="pwm")
        light.set_level(0.5)
        board.broken.add(PIN)
    assert board.calls[-1] == ("gpiochip_close",)
    assert "a GPIO line could not be let go" in caplog.text
