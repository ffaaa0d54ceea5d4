"""Two devices that could not be told apart by ear are a fault."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.together.checks import faults_of_names


def faults(*devices: dict[str, Any]) -> list[Any]:
    return list(faults_of_names(enumerate(devices)))


@pytest.mark.parametrize("second", ["lamp", "Lamp", " LAMP "])
def test_the_second_of_one_name_is_a_fault_that_tells_where_the_first_is(second: str) -> None:
    (fault,) = faults({"name": "lamp"}, {"name": "fan"}, {"name": second})
    assert fault.path == ("device", 2, "name")
    assert fault.other == ("device", 0, "name")
    assert second in fault.what


def test_a_third_is_told_with_the_first_and_not_with_the_second() -> None:
    found = faults({"name": "lamp"}, {"name": "lamp"}, {"name": "lamp"})
    assert [fault.path[1] for fault in found] == [1, 2]
    assert {fault.other for fault in found} == {("device", 0, "name")}


def test_names_that_differ_or_are_no_names_are_none_of_its_business() -> None:
    assert faults({"name": "lamp"}, {"name": "lamps"}, {}, {"name": 5}, {"name": 5}) == []
