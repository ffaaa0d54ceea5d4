"""Whether the service is found from here, and by which addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.machine.finding import CannotTell
from daemon.machine.name_lookup import addresses_of
from tests.daemon.machine.planned import told

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def test_the_services_address(well: Machine) -> None:
    assert told(well, "service").endswith(" has an address")
    well.program("getent", status=2)
    assert "cannot be found from here" in told(well, "service")
    assert told(well, "service").startswith("note")
    (well.folder / "bin/getent").unlink()
    assert told(well, "service").startswith("note there is no getent")


def test_addresses_are_told_once_and_the_best_first(well: Machine) -> None:
    well.program("getent", "2001:db8::1 STREAM x\n2001:db8::1 DGRAM\n192.0.2.1 STREAM\n\n192.0.2.1 RAW\n")
    assert addresses_of(well.site(), "host.invalid") == ["2001:db8::1", "192.0.2.1"]
    assert well.calls("getent") == ["ahosts host.invalid"]


def test_where_nobody_can_be_asked_nothing_is_said_of_the_name(well: Machine) -> None:
    (well.folder / "bin/getent").unlink()
    with pytest.raises(CannotTell, match="no getent"):
        addresses_of(well.site(), "host.invalid")
