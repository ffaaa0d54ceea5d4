"""What the installer reads of the settings: on which bus the lights are."""

import pytest

from tests.installer.parts import Parts, parts

__all__ = ["parts"]

READ = 'SETTINGS=$ROOT/etc/pipit/pipit.toml; source "$CHECKOUT/installer/lights.sh"; '


@pytest.mark.parametrize(
    ("text", "bus"),
    [
        ("", ""),
        ("[indicator]\npin = 22\n", ""),
        ('[indicator]\nkind = "rgb"\n', ""),
        ('[indicator]\nkind = "apa102" # of the HAT\n', "spi"),
        ('[indicator]\nkind = "usb"\n', "usb"),
        ('[indicator]\n[other]\nkind = "usb"\n', ""),
    ],
)
def test_the_bus_is_found(parts: Parts, text: str, bus: str) -> None:
    parts.write("etc/pipit/pipit.toml", text)
    assert parts.ran(READ + "lights_bus").strip() == bus
