"""Keys that speakerphones, headsets and boards have (linux/input-event-codes.h)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KEY_CODES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "KEY_ENTER": 28,
        "KEY_SPACE": 57,
        "KEY_F1": 59,
        "KEY_F2": 60,
        "KEY_F3": 61,
        "KEY_F4": 62,
        "KEY_MUTE": 113,
        "KEY_VOLUMEDOWN": 114,
        "KEY_VOLUMEUP": 115,
        "KEY_PLAYPAUSE": 164,
        "KEY_PHONE": 169,
        "KEY_PLAY": 207,
        "KEY_MEDIA": 226,
        "KEY_MICMUTE": 248,
        "BTN_0": 256,
        "BTN_1": 257,
        "BTN_2": 258,
        "BTN_3": 259,
        "KEY_VOICECOMMAND": 582,
    }
)
