"""The table of the keys of a speakerphone, a headset or a board that the kernel knows as an input device."""

from typing import Final, Literal

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting

# fmt: off
KeyName = Literal[
    "", "KEY_ENTER", "KEY_SPACE", "KEY_F1", "KEY_F2", "KEY_F3", "KEY_F4", "KEY_MUTE", "KEY_VOLUMEDOWN", "KEY_VOLUMEUP",
    "KEY_PLAYPAUSE", "KEY_PHONE", "KEY_PLAY", "KEY_MEDIA", "KEY_MICMUTE", "BTN_0", "BTN_1", "BTN_2", "BTN_3",
    "KEY_VOICECOMMAND",
]
# fmt: on
"""Those of `hardware.kernel.key_codes`, and none."""
ACTS: Final = ("talk", "mute", "louder", "quieter")
"""Every key that names one."""


class KeysSettings(Table):
    """The keys of an input device, beside or in place of buttons on pins. Without `device` there are none."""

    device: str = setting(
        "",
        "A part of its name, as `cat /sys/class/input/event*/device/name` prints it.",
        max_length=80,
        fix='write "Jabra", or what else is in its name',
    )
    talk: KeyName = setting("", "The key that is as [button]: a tap, or held to talk.", validate_default=True)
    mute: KeyName = setting("", "The key that closes the microphone, and opens it again.", validate_default=True)
    louder: KeyName = setting("", "The key that makes the voice louder.", validate_default=True)
    quieter: KeyName = setting("", "The key that makes it quieter.", validate_default=True)

    @field_validator(*ACTS)
    @classmethod
    def _of_a_device_and_once(cls, key: str, info: ValidationInfo) -> str:
        if key and not info.data.get("device"):
            raise problem("is a key of no device", 'write device = and a part of its name, such as "Jabra"')
        if key and key in {info.data.get(act) for act in ACTS[: ACTS.index(str(info.field_name))]}:
            raise problem(f"is {key}, which does something else already", "use another key, or remove one of them")
        return key
