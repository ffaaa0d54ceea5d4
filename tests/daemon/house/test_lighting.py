"""From the table to the light, and dark after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from daemon.errors import HardwareError
from daemon.house.checks import warnings_about
from daemon.house.held_outputs import note_outputs, noted_outputs
from daemon.house.lighting import darken, light_of, pixels_of
from daemon.house.settings import Settings
from daemon.house.wiring import make_safe, wired
from daemon.lights.pixel_indicator import PixelIndicator
from hardware.header.factory import pin_factory
from hardware.header.indicator import GpioIndicator
from hardware.lights.apa102 import Apa102
from hardware.lights.rgb_pixel import RgbPixel
from hardware.lights.usb_ring import UsbRing

if TYPE_CHECKING:
    from gpiozero.pins.mock import MockFactory  # type: ignore[import-untyped]


def settings(indicator: dict[str, Any], **tables: Any) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, "indicator": indicator, **tables})


RGB = {"kind": "rgb", "pins": [17, 27, 22]}


@pytest.mark.parametrize(
    ("indicator", "kind"), [(RGB, RgbPixel), ({"kind": "apa102"}, Apa102), ({"kind": "usb"}, UsbRing)]
)
def test_each_kind_has_its_lights(indicator: dict[str, Any], kind: type) -> None:
    factory = pin_factory("mock")
    assert isinstance(pixels_of(settings(indicator), factory), kind)
    assert isinstance(light_of(settings(indicator), factory), PixelIndicator)
    factory.close()


def test_a_single_light_and_none() -> None:
    factory = pin_factory("mock")
    assert isinstance(light_of(settings({"pin": 22}), factory), GpioIndicator)
    assert light_of(settings({}), factory) is None
    assert light_of(settings({"pin": 22}), None) is None
    assert light_of(settings(RGB), None) is None
    factory.close()


@pytest.mark.parametrize(
    ("microphone", "count"),
    [("plughw:CARD=seeed2micvoicec", 3), ("plughw:CARD=seeed4micvoicec", 12), ("default", 3)],
)
def test_a_row_has_as_many_lights_as_the_board(microphone: str, count: int) -> None:
    known = pixels_of(settings({"kind": "apa102"}, microphone={"device": microphone}), None)
    told = pixels_of(settings({"kind": "apa102", "count": 7}, microphone={"device": microphone}), None)
    assert known is not None
    assert told is not None
    assert (known.count, known.name, told.count) == (count, "the lights at /dev/spidev0.0", 7)


async def test_a_row_needs_no_pins_to_be_wired() -> None:
    def no_pins(_: Any) -> Any:
        raise AssertionError("no chip was to be opened")

    with wired(settings({"kind": "apa102"}), no_pins) as wiring:
        assert isinstance(wiring.indicator, PixelIndicator)
    with wired(settings({"kind": "apa102"}), None) as wiring:
        assert wiring.indicator is None


async def test_three_pins_are_a_light() -> None:
    with wired(settings(RGB)) as wiring:
        assert isinstance(wiring.indicator, PixelIndicator)


def test_three_colours_are_put_out_after_a_crash() -> None:
    factory = cast("MockFactory", pin_factory("mock"))
    for number in (17, 27, 22):
        factory.pin(number).function = "output"
        factory.pin(number).state = 1
    make_safe(settings(RGB), lambda _: factory)
    assert [factory.pin(number).state for number in (17, 27, 22)] == [0, 0, 0]


def test_lights_that_cannot_be_put_out_are_told_when_all_else_is_safe() -> None:
    table = settings({"kind": "apa102", "bus": "spidev99.9"}, device=[{"name": "lamp", "kind": "led", "pin": 17}])
    with pytest.raises(HardwareError, match=r"there is no /dev/spidev99\.9"):
        make_safe(table)
    with pytest.raises(HardwareError, match=r"there is no /dev/spidev99\.9"):
        darken(table)
    darken(settings({"pin": 22}))


def test_the_note_after_a_crash_says_which_lights(tmp_path: Any) -> None:
    held = settings({"kind": "apa102", "count": 12})
    note_outputs(held, {"RUNTIME_DIRECTORY": str(tmp_path)})
    noted = noted_outputs({"RUNTIME_DIRECTORY": str(tmp_path)})
    assert noted is not None
    assert noted.indicator == held.indicator


def test_a_ring_shows_that_the_camera_is_on() -> None:
    camera = {"source": "picamera"}
    assert warnings_about(settings({"kind": "usb"}, camera=camera)) == []
