"""The names of the settings are those that have a code."""

from typing import get_args

from daemon.controls.keys_settings import KeyName
from hardware.kernel.key_codes import KEY_CODES


def test_every_name_of_the_settings_has_its_code() -> None:
    assert set(get_args(KeyName)) - {""} == set(KEY_CODES)
