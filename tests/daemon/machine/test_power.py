from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.machine.power import FIRMWARE, HEAT, POWER
from tests.daemon.doctor.machine import BAD, GOOD, PI, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from daemon.machine.finding import Verdict
    from tests.daemon.doctor.machine import Machine


@pytest.mark.parametrize(
    ("bits", "verdict", "words"),
    [
        ("0x0", GOOD, "always strong enough"),
        ("0x50005", BAD, "the voltage is too low now"),
        ("0x50000", WARNING, "too low since the start"),
        ("0xe0008", WARNING, "is slowed down"),
        ("0x80000", WARNING, "was slowed down"),
    ],
)
def test_what_the_firmware_says(machine: Machine, bits: str, verdict: Verdict, words: str) -> None:
    machine.file(FIRMWARE)
    machine.program("vcgencmd", f"throttled={bits}")
    finding = machine.finding(POWER)
    assert_finding(finding, verdict, words)
    assert finding.facts == {"bits": bits}


@pytest.mark.parametrize(("alarm", "verdict"), [("1", BAD), ("0", GOOD)])
def test_the_kernels_sensor_where_the_firmware_may_not_be_asked(machine: Machine, alarm: str, verdict: Verdict) -> None:
    machine.file(FIRMWARE)
    machine.program("vcgencmd", status=255, errors="Can't open device file: /dev/vcio")
    machine.file("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    machine.file("/sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    machine.file("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", f"{alarm}\n")
    assert_finding(machine.finding(POWER), verdict)


def test_the_firmwares_file_of_older_kernels(machine: Machine) -> None:
    machine.file("/sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n")
    assert_finding(machine.finding(POWER), BAD, "too low")


@pytest.mark.parametrize("check", [POWER, HEAT], ids=lambda check: check.name)
def test_no_pi(machine: Machine, check: object) -> None:
    machine.file("/sys/class/thermal/thermal_zone0/temp", "91000\n")
    assert_finding(machine.finding(check), SKIPPED)  # type: ignore[arg-type]


@pytest.mark.parametrize(("temperature", "verdict"), [("48312", GOOD), ("80000", WARNING), ("84500", WARNING)])
def test_heat(machine: Machine, temperature: str, verdict: Verdict) -> None:
    machine.file("/proc/device-tree/model", PI)
    machine.file("/sys/class/thermal/thermal_zone0/temp", temperature)
    assert_finding(machine.finding(HEAT), verdict, "°C")
