"""The settings of the hours in which nobody is to be disturbed."""

from typing import Literal

from pydantic import field_validator

from daemon.settings.field import Table, setting
from daemon.settings.time_of_day import TIME_FIX, OptionalTimeOfDay, another_time


class QuietSettings(Table):
    """When nobody is to be disturbed but by alarms; without `from` and `to` only when somebody says so."""

    begins: OptionalTimeOfDay = setting(
        "",
        "When quiet hours begin every day, by the wall clock: hours and minutes.",
        alias="from",
        fix=TIME_FIX,
        share="harmless",
    )
    ends: OptionalTimeOfDay = setting("", "… and when they end.", alias="to", fix=TIME_FIX, share="harmless")
    light: Literal["dim", "off"] = setting(
        "dim",
        '"dim" shows nothing at rest, and the rest less brightly; "off" shows only that the camera is on, or that it'
        " rings.",
    )
    earcons_percent: int = setting(
        30, "Largest volume of the sounds that mean something, while it is quiet.", ge=10, le=100, fix="try 30"
    )

    _some_of_the_day = field_validator("ends")(another_time)
