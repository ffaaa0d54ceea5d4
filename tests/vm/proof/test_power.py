"""Reboots, power cuts, and a root that cannot be written: the service starts by itself, with its settings and state."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.vm.appliance import HEATER, HEATER_OFF, HEATER_ON, LAMP, LIVE, SETTLING_S
from tests.vm.guest import Guest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.vm.appliance import Appliance

EDITED = "/etc/pipit/conf.d/60-household.toml"
STATE = "/var/lib/pipit/kept"
IN_MEMORY = ("/tmp", "/var/tmp", "/var/log")  # noqa: S108 - of the guest

SWITCH_OFF = [pytest.param(Guest.power_off, id="reboot"), pytest.param(Guest.cut_power, id="power cut")]


@pytest.mark.parametrize("switch_off", SWITCH_OFF)
def test_it_starts_by_itself_with_its_settings_and_state(
    appliance: Appliance, switch_off: Callable[[Guest], None]
) -> None:
    guest = appliance.guest
    guest.sh(f"echo '[household]\nroom = \"attic\"' > {EDITED} && install -o pipit /dev/null {STATE}")
    kept = guest.sh(f"sync; sha256sum /etc/pipit/*.toml {EDITED}; ls -l {STATE} /var/lib/pipit/models")
    switch_off(guest)
    guest.boot()
    print(f"\nbooted in {guest.boot_s:.1f} s, READY {appliance.until_ready():.1f} s after the kernel began")
    assert guest.sh(f"sha256sum /etc/pipit/*.toml {EDITED}; ls -l {STATE} /var/lib/pipit/models") == kept
    assert appliance.line(HEATER) == HEATER_OFF
    assert appliance.restarts == 0


def test_after_a_power_cut_with_a_relay_on_it_is_off(appliance: Appliance) -> None:
    appliance.serve_live()
    time.sleep(SETTLING_S)
    heard = appliance.converse("heater-on")
    assert appliance.line(HEATER) == HEATER_ON, heard.journal
    appliance.guest.cut_power()
    appliance.guest.boot()
    appliance.until_ready()
    assert appliance.line(HEATER) == HEATER_OFF


@pytest.fixture
def read_only_root(appliance: Appliance, tmp_path: Path) -> None:
    """Booted as images with a protected card are: the state on a disk of its own, what is temporary in memory."""
    guest = appliance.guest
    disk = tmp_path / "state"
    disk.touch()
    os.truncate(disk, 200 << 20)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", disk], check=True)
    table = "\n".join(["/dev/ubdb /var/lib/pipit ext4", *(f"none {folder} tmpfs" for folder in IN_MEMORY)])
    guest.sh(f"printf '{table}\n' > /etc/fstab")
    guest.power_off()
    guest.append = f"ubd1={disk}"
    guest.boot()
    guest.sh("systemctl stop pipit; mkdir /run/root && mount --bind / /run/root")
    guest.sh("cp -a /run/root/var/lib/pipit/. /var/lib/pipit && umount /run/root")
    guest.power_off()
    guest.append += " ro"
    guest.boot()


@pytest.mark.usefixtures("read_only_root")
def test_it_works_with_a_read_only_root(appliance: Appliance) -> None:
    assert appliance.guest.run("touch /etc/pipit/x || touch /opt/pipit/x").status != 0
    appliance.until_ready()
    appliance.guest.sh(f"mount -t tmpfs none {LIVE}")  # where the tests' server, not Pipit, writes
    appliance.serve_live()
    time.sleep(SETTLING_S)
    heard = appliance.converse("lamp-on")
    assert appliance.line(LAMP) == 1, heard.journal
    appliance.guest.sh("touch /var/lib/pipit/x")
