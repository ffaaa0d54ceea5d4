"""Two equal cards keep their places, whichever is found first."""

from pathlib import Path

import pytest

from hardware.errors import DeviceMissing
from hardware.sound.holder import card_of
from hardware.sound.usb_place import UsbPlace, card_at, pcm_behind, usb_cards, usb_place
from tests.hardware.sound.usb_sockets import on_board, plug_in, unplug


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("usb:1-1.3", UsbPlace("1-1.3", 0)),
        ("usb:3-2", UsbPlace("3-2", 0)),
        ("usb:1-1.4.2,DEV=1", UsbPlace("1-1.4.2", 1)),
        ("plughw:CARD=Device", None),
        ("default", None),
    ],
)
def test_what_a_name_says(name: str, place: UsbPlace | None) -> None:
    assert usb_place(name) == place
    assert place is None or str(place) == name


@pytest.mark.parametrize("name", ["usb:", "usb:1", "usb:1-", "usb:1-1.", "usb:1-1.3,1", "usb:../1-1", "usb:1-1:1.0"])
def test_a_name_without_a_port_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r'must be "usb:" and a port such as 1-1.3'):
        usb_place(name)
    assert card_at(name) == ""
    with pytest.raises(DeviceMissing, match="a port such as"):
        pcm_behind(name)


def test_equal_cards_are_found_by_their_ports_in_either_order(tmp_path: Path) -> None:
    on_board(tmp_path, 0, "vc4hdmi0")
    plug_in(tmp_path, 1, "Device", "1-1.3")
    plug_in(tmp_path, 2, "Device_1", "1-1.2")

    assert dict(usb_cards(tmp_path)) == {"1-1.3": "Device", "1-1.2": "Device_1"}
    assert pcm_behind("usb:1-1.2", tmp_path) == "plughw:CARD=Device_1"
    assert pcm_behind("usb:1-1.3,DEV=1", tmp_path) == "plughw:CARD=Device,DEV=1"
    unplug(tmp_path, 1)
    unplug(tmp_path, 2)
    plug_in(tmp_path / "again", 1, "Device", "1-1.2")
    assert pcm_behind("usb:1-1.2", tmp_path / "again") == "plughw:CARD=Device"


def test_a_port_without_a_card_tells_those_that_have_one(tmp_path: Path) -> None:
    plug_in(tmp_path, 1, "Device", "1-1.3")
    with pytest.raises(DeviceMissing) as told:
        pcm_behind("usb:1-1.1", tmp_path)
    assert told.value.message == "there is no sound card at the USB port 1-1.1"
    assert told.value.fix == 'plug it in there, or set device to one of: "usb:1-1.3" (Device)'
    with pytest.raises(DeviceMissing) as alone:
        pcm_behind("usb:1-1.1", tmp_path / "nothing")
    assert alone.value.fix == "plug a USB sound card in there"


def test_other_names_are_alsas(tmp_path: Path) -> None:
    assert pcm_behind("plughw:CARD=Device", tmp_path) == "plughw:CARD=Device"
    assert card_at("plughw:CARD=Device", tmp_path) == ""


def test_the_card_of_a_port_is_the_one_that_is_there(tmp_path: Path) -> None:
    plug_in(tmp_path, 1, "Device", "1-1.3")
    assert card_of("usb:1-1.3", tmp_path) == "Device"
    assert card_of("usb:1-1", tmp_path) == ""


def test_a_card_that_is_going_away_is_passed_over(tmp_path: Path) -> None:
    plug_in(tmp_path, 1, "Device", "1-1.3")
    (tmp_path / "class/sound/card1/id").unlink()
    assert usb_cards(tmp_path) == {}
