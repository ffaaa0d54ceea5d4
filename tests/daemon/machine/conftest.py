"""The machine that the doctor's tests have too, and one that lacks nothing."""

import pytest

from daemon.machine.clock import SYNCHRONIZED
from tests.daemon.doctor.cards import USB, add_cards
from tests.daemon.doctor.conftest import machine
from tests.daemon.doctor.machine import Machine

__all__ = ["machine", "well"]

ADDRESS = "'http://mirror.invalid/InRelease' name 0 \n"


@pytest.fixture
def well(machine: Machine) -> Machine:
    """A machine that lacks nothing."""
    machine.file("/proc/meminfo", "MemTotal:        3884400 kB\nMemFree:          100000 kB\n")
    add_cards(machine, USB)
    machine.file(SYNCHRONIZED)
    machine.file("/run/systemd/system/.there")
    machine.file("/opt/.there")
    machine.file("/var/lib/.there")
    machine.program("dpkg-query")
    machine.program("apt-get", ADDRESS)
    machine.program("apt-helper")
    machine.program("getent", "192.0.2.1 STREAM x\n")
    return machine
