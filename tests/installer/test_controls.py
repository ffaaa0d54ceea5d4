"""What the installer reads of the settings: on which bus lights and keys are."""

import pytest

from tests.installer.parts import Parts, parts

__all__ = ["parts"]

READ = 'SETTINGS=$ROOT/etc/pipit/pipit.toml; source "$CHECKOUT/installer/controls.sh"; '


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


@pytest.mark.parametrize(
    ("text", "buses"),
    [
        ("", []),
        ('[indicator]\nkind = "apa102"\n[keys]\n#device = ""\n', []),
        ('[indicator]\nkind = "usb"\n[mute]\nkind = "usb"\n', ["usb"]),
        ('[mute]\nkind = "usb"\n[keys]\ndevice = "Jabra"\n', ["usb", "input"]),
    ],
)
def test_what_the_controls_need_besides(parts: Parts, text: str, buses: list[str]) -> None:
    parts.write("etc/pipit/pipit.toml", text)
    assert parts.ran(READ + "controls_buses").split() == buses
