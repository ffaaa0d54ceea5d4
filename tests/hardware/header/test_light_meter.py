"""How bright it is by the charging of a capacitor, over gpiozero's real factory with lgpio's stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.errors import HardwareError, PinRefused
from hardware.fake_board import Board
from hardware.header.light_meter import BRIGHTEST_S, DARKEST_S, DRAIN_S, LightMeter
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    import threading

    from hardware.header.factory import PinFactory

PIN = 9
BEGAN_S = 100.0


class Window:
    """An LDR whose capacitor takes so long to charge, each time; None is never, 0 before anybody listens."""

    def __init__(self, *charges_s: float | None) -> None:
        self.board = Board()
        self.charges = list(charges_s)
        self.pauses: list[float] = []

    def meter(self, factory: PinFactory) -> LightMeter:
        return LightMeter("window", PIN, factory, pause=self._pause, wait=self._wait, now=lambda: BEGAN_S)

    def brightness(self) -> float:
        with process(self.board) as factory:
            meter = self.meter(factory)
            try:
                [measured] = meter.read()
            finally:
                meter.close()
        assert (measured.quantity, measured.unit) == ("brightness", "%")
        return measured.value

    def _pause(self, seconds: float) -> None:
        assert (self.board.pads[PIN].level, seconds) == (0, DRAIN_S)
        self.board.drive(PIN, 1 if self.charges[0] == 0 else 0)
        if self.charges[0] == 0:
            self.charges.pop(0)

    def _wait(self, charged: threading.Event, seconds: float) -> bool:
        assert seconds == DARKEST_S
        assert (self.board.pads[PIN].seen[-1], self.board.pads[PIN].pull) == ("in", "none")
        if (charge_s := self.charges.pop(0)) is not None:
            self.board.ticks_ns = round((BEGAN_S + charge_s) * 1e9)
            self.board.drive(PIN, 1)
        return charged.is_set()


@pytest.mark.parametrize(
    ("charges", "percent"),
    [
        ((BRIGHTEST_S,) * 3, 100.0),
        ((DARKEST_S,) * 3, 0.0),
        ((0.1, 0.01, 0.5), 66.67),
        ((0.1, 0.1, 0.0), 100.0),
        ((0.0001, 0.1, 0.1), 100.0),
        ((0.9, 1.5, 0.9), 1.53),
    ],
)
def test_the_shortest_of_three_charges_counts_in_tenfolds(charges: tuple[float, ...], percent: float) -> None:
    assert Window(*charges).brightness() == pytest.approx(percent, abs=0.01)


def test_in_the_dark_and_without_its_wires_it_says_that_it_is_one_or_the_other() -> None:
    with pytest.raises(HardwareError, match="it is very dark there, or a wire is loose"):
        Window(0.1, None).brightness()


def test_a_pin_that_is_never_low_is_refused() -> None:
    window = Window(0.1)
    window.board.pads[PIN].shorted = 1
    with pytest.raises(HardwareError, match='"window" is never low'):
        window.brightness()
    assert window.board.pads[PIN].seen[-1] == "in", "nothing drives against the wire"


def test_between_readings_and_at_the_end_it_is_an_input_that_nothing_pulls() -> None:
    window = Window(0.1, 0.1, 0.1)
    with process(window.board) as factory:
        meter = window.meter(factory)
        assert (window.board.pads[PIN].seen, window.board.pads[PIN].pull) == (["in"], "none")
        meter.read()
        assert window.board.pads[PIN].seen == ["in", 0, "in", 0, "in", 0, "in"]
        with pytest.raises(PinRefused, match="already in use"):
            LightMeter("other", PIN, factory)
        meter.close()
        assert window.board.pads[PIN].user == ""
        window.charges = [0.1]
        LightMeter("other", PIN, factory).close()
