"""How the chip of the pins is named."""

import pytest
from pydantic import ValidationError

from daemon.controls.settings import ButtonSettings, GpioSettings


@pytest.mark.parametrize("chip", ["auto", "gpiochip0", "gpiochip15"])
def test_a_chip_is_found_or_named(chip: str) -> None:
    assert GpioSettings(chip=chip).chip == chip


@pytest.mark.parametrize("chip", ["", "gpiochip", "gpiochip0\n", "/dev/gpiochip0", "gpiochip\u0664"])
def test_no_other_name_is_one(chip: str) -> None:
    with pytest.raises(ValidationError):
        GpioSettings(chip=chip)


def test_a_switch_is_no_pin() -> None:
    with pytest.raises(ValidationError):
        ButtonSettings.model_validate({"pin": True})
