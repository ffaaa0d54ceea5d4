"""Moments of the wall clock, as the household counts and reads them: in its own time zone."""

from __future__ import annotations

from datetime import datetime


def shown_time(at: float) -> str:
    """`at`, seconds since 1970, to the minute."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def midnight(now: float) -> float:
    """When the day of `now` began."""
    return datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def moment(text: str) -> float:
    """A date, or a date and a time, as ISO 8601 writes them. Raises ValueError, also for one beyond all calendars."""
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except OverflowError as error:
        raise ValueError(str(error)) from None
