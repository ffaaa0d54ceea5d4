"""Which pins are played on: those there are, or gpiozero's own when told to."""

import sys

import pytest

from hardware.errors import HardwareError
from hardware.header.factory import pin_factory
from tests.hardware.header.lines import output


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
