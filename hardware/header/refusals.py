"""What gpiozero and lgpio raise, in our words: every use of a pin stands within `claiming`."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hardware.errors import DeviceBusy, HardwareError, PinRefused
from hardware.header.bare_gpiozero import gpiozero

_log = logging.getLogger(__name__)


def pin_errors() -> tuple[type[Exception], ...]:
    """What a pin may raise: gpiozero's errors and, when it is loaded, lgpio's, which derive from nothing else."""
    lgpio = sys.modules.get("lgpio")
    return (gpiozero.GPIOZeroError, OSError, *((lgpio.error,) if lgpio else ()))


@contextmanager
def claiming(what: str) -> Iterator[None]:
    """Turn the errors of gpiozero and lgpio into HardwareError; `what` names the pin and who wanted it."""
    try:
        yield
    except gpiozero.GPIOPinInUse as error:
        raise PinRefused(f"{what} is already in use by Pipit", fix="give each part a pin of its own") from error
    except gpiozero.PinInvalidPin as error:
        raise PinRefused(f"{what} does not exist", fix="name a BCM pin number from 0 to 27") from error
    except pin_errors() as error:
        if "busy" in str(error).lower():
            raise DeviceBusy(
                f"{what} is held by another program", fix="stop that program; `gpioinfo` names it"
            ) from error
        raise HardwareError(
            f"cannot use {what} ({error})", fix="check the wiring and what else uses the pin"
        ) from error


def leave(device: Any, value: float, name: str) -> None:
    """Bring a device to the value at which it stays, and give up its pin; a pin that fails is reported to the log."""
    try:
        device.value = value
    except pin_errors() as error:
        _log.error("%s could not be made safe: %s", name, error)
    try:
        device.close()
    except pin_errors() as error:
        _log.error("%s could not be let go: %s", name, error)
