"""A time of day, as a setting: by the wall clock of the household, to the minute."""

from datetime import time
from typing import Annotated, Final

from pydantic import Field, ValidationInfo

from daemon.settings.field import problem

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
OptionalTimeOfDay = Annotated[str, Field(pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9])$")]
TIME_FIX: Final = 'write hours and minutes as "22:00"'


def another_time(ends: str, info: ValidationInfo) -> str:
    """Validates the end of a span that may go over midnight, whose beginning is the field `begins`."""
    if ends and ends == info.data.get("begins"):
        raise problem(f'must be another time than "from", not "{ends}" too', 'write from = "22:00", to = "07:00"')
    return ends


def as_time(text: str) -> time:
    """What a valid setting says."""
    return time.fromisoformat(text)
