"""What may be said of keys."""

import pytest
from pydantic import ValidationError

from daemon.controls.keys_settings import KeysSettings
from daemon.controls.settings import MuteSettings


def test_keys_of_a_device() -> None:
    keys = KeysSettings.model_validate({"device": "Jabra", "talk": "KEY_PHONE", "louder": "KEY_VOLUMEUP"})
    assert (keys.talk, keys.mute) == ("KEY_PHONE", "")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"talk": "KEY_PHONE"}, "key of no device"),
        ({"device": "Jabra", "talk": "KEY_PHONE", "mute": "KEY_PHONE"}, "does something else already"),
        ({"device": "Jabra", "talk": "KEY_A"}, "Input should be"),
    ],
)
def test_what_makes_no_sense(table: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        KeysSettings.model_validate(table)


@pytest.mark.parametrize(
    ("table", "says"),
    [({"kind": "switch"}, "is needed for a switch"), ({"kind": "usb", "pin": 27}, "has no meaning")],
)
def test_a_mute_that_makes_no_sense(table: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        MuteSettings.model_validate(table)
