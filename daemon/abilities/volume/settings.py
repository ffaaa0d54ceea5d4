"""The settings of how loud what is."""

from typing import Literal

from pydantic import field_validator

from daemon.abilities.volume.scale import FULL, SMALLEST_STEP, SOFTEST
from daemon.settings.field import Table, setting
from daemon.settings.pin import PIN_FIX, HeaderPin
from daemon.settings.time_of_day import TIME_FIX, TimeOfDay, another_time


class LargestVolumeSettings(Table):
    """A largest volume at a time of day, for replies, earcons and announcements; an alarm is as loud as ever."""

    begins: TimeOfDay = setting(
        ...,
        "When it begins every day, by the wall clock: hours and minutes.",
        alias="from",
        fix=TIME_FIX,
        share="harmless",
    )
    ends: TimeOfDay = setting(..., "… and when it ends.", alias="to", fix=TIME_FIX, share="harmless")
    percent: int = setting(..., "The largest volume then.", ge=SOFTEST, le=FULL, fix="try 30")

    _some_of_the_day = field_validator("ends")(another_time)


class VolumeSettings(Table):
    """How loud what is, in percent, until somebody says otherwise; `volume` of [speaker] is that of the voice."""

    alarm: int = setting(80, "Volume of what rings.", ge=SOFTEST, le=FULL, fix="try 80")
    announcements: int | None = setting(
        None, "Volume of messages; without it, as loud as the voice is at first.", ge=0, le=FULL, fix="try 60"
    )
    step_percent: int = setting(
        10,
        'What "louder" and "quieter" change, and a press of a button or a detent of the knob; less is not heard.',
        ge=SMALLEST_STEP,
        le=50,
        fix="try 10",
    )
    up_pin: HeaderPin | None = setting(None, "BCM number of the pin of a button for louder.", fix=PIN_FIX)
    down_pin: HeaderPin | None = setting(None, "… and for quieter.", fix=PIN_FIX)
    pull: Literal["up", "down"] = setting("up", "Their pull resistor; the buttons connect to the other side.")
    encoder_a: HeaderPin | None = setting(
        None, "BCM number of the pin of a rotary encoder's A; its common pin goes to ground.", fix=PIN_FIX
    )
    encoder_b: HeaderPin | None = setting(
        None, "… and of its B; exchange the two if it turns the wrong way.", fix=PIN_FIX
    )
    largest: tuple[LargestVolumeSettings, ...] = setting(
        (),
        "Largest volumes by time of day; the lowest counts where they overlap.",
        strict=False,
        max_length=12,
        fix="write [[volume.largest]] on a line of its own before each",
    )
