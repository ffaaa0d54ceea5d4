"""An installation from nothing, what it leaves on the machine, and a second one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.vm.appliance import PIPIT
from tests.vm.installation import ETC_LISTING, INSTALL

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance
    from tests.vm.installation import Installation

UNIT = "/etc/systemd/system/pipit.service"
LARGEST_EXPOSURE = 1.7
FIRST_RUNS = {0, 10}
"""10: done, and config.txt was changed, so the board must be restarted."""


def test_it_installs_from_nothing(installation: Installation) -> None:
    assert installation.result.status in FIRST_RUNS, installation.result.output
    print(f"\n{installation.suite}: installed in {installation.seconds:.0f} s")


def test_it_hears_after_every_start_of_the_machine(appliance: Appliance) -> None:
    assert appliance.shown("ActiveState") == "active"
    assert 'listening for "hey_jarvis"' in appliance.guest.sh("journalctl --quiet --unit=pipit --output=cat")
    assert appliance.guest.sh("systemctl is-enabled pipit.service") == "enabled"


def test_it_runs_as_a_user_of_its_own(appliance: Appliance) -> None:
    assert appliance.guest.sh(f"ps -o user= -p {appliance.pid}") == "pipit"
    assert set(appliance.guest.sh("id -nG pipit").split()) >= {"audio", "gpio"}


def test_systemd_has_nothing_to_say_against_the_unit(appliance: Appliance) -> None:
    assert appliance.guest.sh(f"systemd-analyze verify {UNIT} 2>&1") == ""


def test_the_unit_is_exposed_as_little_as_it_can_be(appliance: Appliance) -> None:
    verdict = appliance.guest.sh("systemd-analyze security --no-pager pipit.service | tail -n 1")
    found = re.search(r": (\d+\.\d+) ", verdict)
    assert found, verdict
    assert float(found[1]) <= LARGEST_EXPOSURE


def test_the_key_is_for_root_alone(appliance: Appliance) -> None:
    listed = appliance.guest.sh("find /etc/pipit -name 'gemini-api-key*' -printf '%m %u %p\\n'")
    assert re.fullmatch(r"600 root /etc/pipit/gemini-api-key(\.cred)?", listed)
    readable = appliance.guest.sh("grep -rl any-text-is-a-key /etc /var/log || true")
    assert set(readable.split()) <= {"/etc/pipit/gemini-api-key"}, "and nowhere else as plain text"


def test_a_second_run_changes_nothing(appliance: Appliance) -> None:
    state = f"{ETC_LISTING}; readlink -f /opt/pipit/current; find /opt/pipit /var/lib/pipit -printf '%p %T@\\n' | sort"
    before, pid = appliance.guest.sh(state), appliance.pid
    result = appliance.installer(INSTALL)
    assert result.status == 0, result.output
    assert appliance.guest.sh(state) == before
    assert appliance.pid == pid


def test_the_doctor_finds_no_fault(appliance: Appliance) -> None:
    result = appliance.guest.run(f"{PIPIT} doctor --json")
    report = json.loads(result.output[result.output.index("{") :])
    for finding in report["findings"]:
        print(finding["verdict"], finding["name"], finding["sentence"])
    faults = {finding["name"]: finding["sentence"] for finding in report["findings"] if finding["verdict"] == "fault"}
    assert (result.status, faults) == (0, {})
