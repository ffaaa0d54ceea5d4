"""What the files of a machine say of its clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.timers.machine_clocks import BOOT_ID, MachineClocks
from daemon.machine.facts import SYNCHRONIZED
from daemon.machine.local_zone import LocalZone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = tmp_path / BOOT_ID
    file.parent.mkdir(parents=True)
    file.write_text("e5b1\n")
    return tmp_path


def test_one_clock_counts_from_the_boot_and_goes_on_and_the_other_shows_the_time(root: Path) -> None:
    clocks = MachineClocks(root)
    first, second = clocks.now(), clocks.now()
    assert 0 < first.boot_s < second.boot_s < first.wall_s / 2
    assert first.shown.year > 2025


def test_a_boot_has_one_name_for_all_its_processes_and_is_read_once(root: Path) -> None:
    clocks = MachineClocks(root)
    assert clocks.now().boot_id == MachineClocks(root).now().boot_id == "e5b1"
    (root / BOOT_ID).write_text("77aa\n")
    assert clocks.now().boot_id == "e5b1"


def test_without_a_name_of_the_boot_each_process_has_its_own(tmp_path: Path) -> None:
    clocks = MachineClocks(tmp_path)
    named = clocks.now().boot_id
    assert named.startswith("process ")
    assert clocks.now().boot_id == named, "or no timer would ever come due"


def test_the_clock_is_set_once_the_system_says_so(root: Path) -> None:
    clocks = MachineClocks(root)
    assert not clocks.now().synchronised
    mark = root / SYNCHRONIZED.lstrip("/")
    mark.parent.mkdir(parents=True)
    mark.touch()
    assert clocks.now().synchronised
    mark.unlink()
    assert not clocks.now().synchronised


def test_the_zone_is_that_of_the_machine(root: Path) -> None:
    zone = LocalZone(root, {"TZ": "Asia/Tokyo"})
    now = MachineClocks(root, zone).now()
    assert (now.zone, now.zone_name) == (zone.zone(), "Asia/Tokyo")
    assert MachineClocks(root, LocalZone(root, {})).now().zone_name == "UTC"
