"""A time of day is hours and minutes."""

from __future__ import annotations

from datetime import time

import pytest
from pydantic import TypeAdapter, ValidationError

from daemon.settings.time_of_day import OptionalTimeOfDay, TimeOfDay, as_time


@pytest.mark.parametrize(("text", "shown"), [("00:00", time(0)), ("07:05", time(7, 5)), ("23:59", time(23, 59))])
def test_what_it_says(text: str, shown: time) -> None:
    assert as_time(TypeAdapter(TimeOfDay).validate_python(text)) == shown


@pytest.mark.parametrize("text", ["24:00", "7:05", "07:60", "07:05:00", " 07:05", "07:05\n", "noon", "٠٧:٠٥"])
def test_anything_else_is_none(text: str) -> None:
    for kind in (TimeOfDay, OptionalTimeOfDay):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)


def test_one_that_may_be_left_out_may_be_empty() -> None:
    assert TypeAdapter(OptionalTimeOfDay).validate_python("") == ""
    with pytest.raises(ValidationError):
        TypeAdapter(TimeOfDay).validate_python("")
