"""What the lines go through, as the kernel writes it down: every level, not the one at rest.

The relay is on when its line is low, and off in its safe state, as most relay boards are wired.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.vm.appliance import BUTTON, HEATER, HEATER_OFF, HEATER_ON, INDICATOR, LAMP, SETTLING_S

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance


def test_no_start_stop_or_kill_ever_switches_a_relay_on(appliance: Appliance) -> None:
    appliance.watch_lines()
    appliance.restart()
    appliance.guest.sh("systemctl stop pipit.service")
    assert appliance.line(HEATER) == HEATER_OFF, "nobody holds it, and it is as it was left"
    appliance.guest.sh("systemctl start pipit.service")
    appliance.until_ready()
    restarts = appliance.restarts
    appliance.guest.sh(f"kill -KILL {appliance.pid}")
    appliance.guest.until(f"(($(systemctl show -p NRestarts --value pipit) > {restarts}))", 60)
    appliance.until_ready()
    assert appliance.edges(HEATER) == [HEATER_OFF]
    assert appliance.edges(LAMP) == [0]
    light = appliance.edges(INDICATOR)
    assert light[0] == 0
    assert "in" not in light, "it is driven, from its first moment to its last"
    assert appliance.edges(BUTTON) == ["in"]


def test_a_relay_that_is_on_is_switched_off_once_after_a_kill(appliance: Appliance) -> None:
    time.sleep(SETTLING_S)
    appliance.watch_lines()
    heard = appliance.converse("heater-on")
    assert appliance.line(HEATER) == HEATER_ON, heard.journal
    appliance.guest.sh(f"kill -KILL {appliance.pid}")
    appliance.until_line(HEATER, HEATER_OFF)
    appliance.until_ready()
    assert appliance.edges(HEATER) == [HEATER_ON, HEATER_OFF]


def test_a_stop_leaves_the_light_dark_and_driven(appliance: Appliance) -> None:
    time.sleep(SETTLING_S)
    appliance.watch_lines()
    appliance.guest.sh("systemctl stop pipit.service")
    assert appliance.line(INDICATOR) == 0
    edges = appliance.edges(INDICATOR)
    assert edges[-1] == 0
    assert "in" not in edges
    appliance.guest.sh("systemctl start pipit.service")
    appliance.until_ready()
