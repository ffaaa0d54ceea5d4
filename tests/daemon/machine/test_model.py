from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.machine.finding import CannotTell
from daemon.machine.model import board, groups, seconds_up, unit_properties
from tests.daemon.doctor.machine import PI

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


@pytest.mark.parametrize(
    ("model", "name"), [(PI, "Raspberry Pi 4 Model B Rev 1.5"), ("Orange Pi Zero\0", ""), ("", "")]
)
def test_only_a_raspberry_pi_is_one(machine: Machine, model: str, name: str) -> None:
    machine.file("/proc/device-tree/model", model)
    assert board(machine.site()) == name


def test_groups_and_their_members(machine: Machine) -> None:
    machine.file("/etc/group", "audio:x:29:pi,pipit\ngpio:x:993:\n# nonsense\nbroken:x:what:\n")
    assert groups(machine.site()) == {"audio": (29, frozenset({"pi", "pipit"})), "gpio": (993, frozenset())}


def test_a_machine_without_groups(machine: Machine) -> None:
    assert groups(machine.site()) == {}


def test_properties_may_hold_anything(machine: Machine) -> None:
    machine.unit(StatusText="volume = 80 %", Environment="A=1 B=2")
    properties = unit_properties(machine.site(), ["StatusText", "Environment"])
    assert (properties["StatusText"], properties["Environment"]) == ("volume = 80 %", "A=1 B=2")
    assert machine.calls("systemctl") == ["show pipit.service --property=StatusText,Environment"]


def test_systemctl_is_not_asked_where_systemd_does_not_run(machine: Machine) -> None:
    machine.program("systemctl", "ActiveState=active")
    with pytest.raises(CannotTell, match="not started by systemd"):
        unit_properties(machine.site(), ["ActiveState"])
    assert machine.calls("systemctl") == []


@pytest.mark.parametrize(("text", "seconds"), [("93.17 311.02\n", 93.17), ("", None), ("soon\n", None)])
def test_the_time_since_the_start(machine: Machine, text: str, seconds: float | None) -> None:
    machine.file("/proc/uptime", text)
    assert seconds_up(machine.site()) == seconds
