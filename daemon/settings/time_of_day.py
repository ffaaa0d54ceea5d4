"""A time of day, as a setting: by the wall clock of the household, to the minute."""

from datetime import time
from typing import Annotated, Final

from pydantic import Field

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
OptionalTimeOfDay = Annotated[str, Field(pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9])$")]
TIME_FIX: Final = 'write hours and minutes as "22:00"'


def as_time(text: str) -> time:
    """What a valid setting says."""
    return time.fromisoformat(text)
