"""Pins that cannot be had, in words of ours."""

import sys

import pytest

from hardware.errors import DeviceBusy, HardwareError, PinRefused
from hardware.header.push_button import GpioButton
from tests.hardware.header.lines import output


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
