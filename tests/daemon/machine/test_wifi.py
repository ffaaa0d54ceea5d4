from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.machine.wifi import WIFI
from tests.daemon.doctor.machine import GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

NOISE = "Inter-| sta-|   Quality        |\n face | tus | link level noise |\n wlan0: 0000   {}.  {}.  -256\n"


@pytest.fixture
def connected(machine: Machine) -> Machine:
    machine.file("/sys/class/net/eth0/operstate", "down\n")
    machine.file("/sys/class/net/wlan0/operstate", "up\n")
    machine.file("/sys/class/net/wlan0/phy80211/name", "phy0\n")
    machine.file("/proc/net/wireless", NOISE.format(60, -50))
    return machine


def test_it_is_awake(connected: Machine) -> None:
    connected.program("iw", "Power save: off")
    finding = connected.finding(WIFI)
    assert_finding(finding, GOOD, "wlan0 does not save power")
    assert finding.facts == {"interface": "wlan0", "signal_dbm": -50.0, "power_save": False}
    assert connected.calls("iw") == ["dev wlan0 get power_save"]


def test_it_saves_power(connected: Machine) -> None:
    connected.program("iw", "Power save: on")
    finding = connected.finding(WIFI)
    assert_finding(finding, WARNING, "wlan0 saves power")
    assert "90-pipit-wifi.conf" in finding.fix


def test_a_weak_signal_outranks_it(connected: Machine) -> None:
    connected.program("iw", "Power save: on")
    connected.file("/proc/net/wireless", NOISE.format(20, -83))
    assert_finding(connected.finding(WIFI), WARNING, "weak (-83 dBm)")


def test_without_iw_networkmanagers_settings_tell(connected: Machine) -> None:
    connected.file("/usr/lib/NetworkManager/conf.d/10-default.conf", "[connection]\nwifi.powersave = 3\n")
    assert_finding(connected.finding(WIFI), WARNING, "saves power")
    connected.file("/etc/NetworkManager/conf.d/90-pipit-wifi.conf", "[connection]\nwifi.powersave=2\n")
    assert_finding(connected.finding(WIFI), GOOD)


def test_where_nobody_can_say(connected: Machine) -> None:
    finding = connected.finding(WIFI)
    assert_finding(finding, SKIPPED, "wlan0")
    assert "install iw" in finding.fix


def test_no_wifi_is_connected(machine: Machine) -> None:
    machine.file("/sys/class/net/wlan0/operstate", "down\n")
    machine.file("/sys/class/net/wlan0/phy80211/name", "phy0\n")
    assert_finding(machine.finding(WIFI), SKIPPED, "no Wi-Fi is connected")
