"""Keys in place of buttons on pins, and switches that keep the microphone closed."""

from __future__ import annotations

from typing import Any

from daemon.abilities.volume.volume_controls import VolumeControls
from daemon.controls.keys_settings import KeysSettings
from daemon.house.input_keys import Keys, keys_of
from daemon.house.settings import Settings
from daemon.house.wiring import wired
from hardware.fake import FakeButton
from hardware.header.push_button import GpioButton
from hardware.header.switch_input import GpioSwitch
from hardware.kernel.array_mute import ArrayMute
from hardware.kernel.key_button import KeyButton

JABRA = {"device": "Jabra", "talk": "KEY_PHONE", "mute": "KEY_MUTE", "louder": "KEY_VOLUMEUP"}


def settings(**tables: Any) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, **tables})


def test_only_keys_that_are_named() -> None:
    assert keys_of(KeysSettings()) == Keys()
    keys = keys_of(KeysSettings.model_validate(JABRA))
    assert [isinstance(key, KeyButton) for key in (keys.talk, keys.mute, keys.louder)] == [True] * 3
    assert keys.quieter is None


def test_what_is_on_a_pin_stays() -> None:
    pin, key = FakeButton(), FakeButton()
    controls = Keys(louder=key, quieter=key).beside(VolumeControls(up=pin))
    assert (controls.up, controls.down) == (pin, key)


async def test_keys_need_no_pins() -> None:
    def no_pins(_: Any) -> Any:
        raise AssertionError("no chip was to be opened")

    with wired(settings(keys=JABRA), no_pins) as wiring:
        assert isinstance(wiring.button, KeyButton)
        assert isinstance(wiring.mute_button, KeyButton)
        assert isinstance(wiring.volume.up, KeyButton)


async def test_a_button_on_a_pin_comes_before_a_key() -> None:
    with wired(settings(keys=JABRA, button={"pin": 17})) as wiring:
        assert isinstance(wiring.button, GpioButton)
        assert isinstance(wiring.mute_button, KeyButton)


async def test_a_mute_switch_is_no_button() -> None:
    with wired(settings(mute={"kind": "switch", "pin": 27})) as wiring:
        assert isinstance(wiring.mute_switch, GpioSwitch)
        assert wiring.mute_button is None
        assert not wiring.mute_switch.read()
    with wired(settings(mute={"kind": "usb"})) as wiring:
        assert isinstance(wiring.mute_switch, ArrayMute)
