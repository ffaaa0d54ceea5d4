from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.machine.memory import MEMORY
from tests.daemon.doctor.machine import GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

MEMINFO = "MemTotal:         427264 kB\nMemFree:           30000 kB\nMemAvailable:    {:>7} kB\nSwapTotal: 0 kB\n"


def test_enough(machine: Machine) -> None:
    machine.file("/proc/meminfo", MEMINFO.format(200 * 1024))
    machine.file("/proc/vmstat", "pgfault 17\noom_kill 0\n")
    finding = machine.finding(MEMORY)
    assert_finding(finding, GOOD, "200 MB of 417 MB")
    assert finding.facts == {"available_mb": 200, "total_mb": 417, "ended": 0}


def test_less_than_the_installer_takes(machine: Machine) -> None:
    machine.file("/proc/meminfo", "MemTotal: 358399 kB\nMemAvailable: 200000 kB\n")
    assert_finding(machine.finding(MEMORY), WARNING, "only 349 MB of memory, and Pipit needs 350 MB")


def test_little(machine: Machine) -> None:
    machine.file("/proc/meminfo", MEMINFO.format(40 * 1024))
    assert_finding(machine.finding(MEMORY), WARNING, "only 40 MB")


def test_the_kernel_had_to_end_something(machine: Machine) -> None:
    machine.file("/proc/meminfo", MEMINFO.format(200 * 1024))
    machine.file("/proc/vmstat", "pgfault 17\noom_kill 2\n")
    finding = machine.finding(MEMORY)
    assert_finding(finding, WARNING, "ended 2 programs")
    assert "journalctl -k" in finding.fix


def test_a_kernel_that_does_not_say(machine: Machine) -> None:
    assert_finding(machine.finding(MEMORY), SKIPPED)
