"""Upgrades on a running machine: to a release that works, to one that does not start, and back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.vm.appliance import CHECKOUT, HEATER, HEATER_OFF, LAMP, SETTLING_S

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance
    from tests.vm.guest import Completed

CURRENT = "readlink -f /opt/pipit/current"


def upgrade(appliance: Appliance, version: str, change: str = "true") -> Completed:
    """To a checkout with another version number and this change."""
    guest = appliance.guest
    guest.sh(f"rm -rf /root/new && cp -r {CHECKOUT} /root/new && cd /root/new && {change}")
    guest.sh(f"sed -i 's/^__version__ = .*/__version__ = \"{version}\"/' /root/new/daemon/__init__.py")
    return guest.run("cd /root/new && ./install.sh upgrade --unattended --answers /root/answers", 1500)


def test_an_upgrade_runs_the_new_release(appliance: Appliance) -> None:
    before, pid = appliance.guest.sh(CURRENT), appliance.pid
    settings = appliance.guest.sh("sha256sum /etc/pipit/*.toml")
    result = upgrade(appliance, "9.8.7")
    assert result.status == 0, result.output
    assert "/9.8.7" in appliance.guest.sh(CURRENT)
    assert appliance.guest.sh(f"test -d {before} && echo kept") == "kept"
    assert appliance.guest.sh("sha256sum /etc/pipit/*.toml") == settings
    assert appliance.shown("ActiveState") == "active"
    assert appliance.pid != pid
    assert appliance.guest.sh("/opt/pipit/current/venv/bin/pipit --version") == "pipit 9.8.7"


def test_an_upgrade_that_does_not_start_is_taken_back(appliance: Appliance) -> None:
    before = appliance.guest.sh(CURRENT)
    result = upgrade(
        appliance, "9.8.8", "sed -i 's/^async def run(/raise RuntimeError(\"broken\")\\n&/' daemon/house/running.py"
    )
    assert result.status not in {0, 10}
    assert result.last_line.startswith("install.sh: ")
    assert " — fix: " in result.last_line
    assert appliance.guest.sh(CURRENT) == before
    appliance.until_ready()
    time.sleep(SETTLING_S)
    heard = appliance.converse("lamp-on")
    assert appliance.line(LAMP) == 1, heard.journal
    assert appliance.line(HEATER) == HEATER_OFF


def test_rollback_goes_back_to_the_release_before(appliance: Appliance) -> None:
    before = appliance.guest.sh(CURRENT)
    assert "/9.8.7" in before
    result = appliance.installer("rollback")
    assert result.status == 0, result.output
    assert appliance.guest.sh(CURRENT) != before
    assert "9.8.7" not in appliance.guest.sh("/opt/pipit/current/venv/bin/pipit --version")
    assert appliance.shown("ActiveState") == "active"
