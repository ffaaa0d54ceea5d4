"""The power supply and the heat: too little of the one or too much of the other, and a Pi slows down or falls over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import SINCE_START_SHIFT, SLOWED_BITS, UNDER_VOLTAGE_BITS
from daemon.machine.finding import CannotTell, Finding, Verdict, bad, good, warning
from daemon.machine.model import board

if TYPE_CHECKING:
    from daemon.machine.site import Site

HOT_C: Final = 80.0
"""From here on a Pi slows down by itself (Raspberry Pi documentation, "Frequency management and thermal control")."""

FIRMWARE: Final = "/dev/vcio"
"""Where there is none, as in an image, `vcgencmd` would speak of another machine or of none."""

AIR: Final = "cool it: a heat sink, a fan, more air"
SUPPLY: Final = "use the Pi's own power supply, a short thick cable, and a powered hub for USB devices"


def _examine(site: Site) -> Finding:
    throttled, alarm = _throttled(site), _voltage_alarm(site)
    if throttled is None and alarm is None:
        raise CannotTell("nobody here can say how the power supply does")
    bits = (throttled or 0) | (UNDER_VOLTAGE_BITS if alarm else 0)
    facts = {"bits": f"{bits:#x}"}
    since = bits >> SINCE_START_SHIFT
    if bits & UNDER_VOLTAGE_BITS:
        return bad("the voltage is too low now", SUPPLY, **facts)
    if since & UNDER_VOLTAGE_BITS:
        return warning("the voltage was too low since the start", SUPPLY, **facts)
    if bits & SLOWED_BITS:
        return warning("the processor is slowed down, mostly by heat", AIR, **facts)
    if since & SLOWED_BITS:
        return warning("the processor was slowed down since the start, mostly by heat", AIR, **facts)
    return good("the power supply was always strong enough, and nothing was slowed down", **facts)


def _beforehand(site: Site) -> Finding:
    """Nothing of this refuses an installation: another supply can be plugged in at any time."""
    try:
        finding = _examine(site)
    except CannotTell:
        return good("not measured on this machine")
    return good("steady") if finding.verdict is Verdict.GOOD else warning(finding.sentence, finding.fix)


def _throttled(site: Site) -> int | None:
    """What the firmware says; None if it cannot be asked."""
    if site.path(FIRMWARE).exists():
        done = site.run(["vcgencmd", "get_throttled"])
        found = re.search(r"throttled=(0x[0-9a-fA-F]+)", done.output) if done.ok else None
        if found:
            return int(found[1], 16)
    for file in site.path("/sys/devices/platform").glob("soc*/soc*:firmware/get_throttled"):
        return int(file.read_text().strip(), 16)
    return None


def _voltage_alarm(site: Site) -> bool | None:
    """What the kernel's sensor says (raspberrypi-hwmon); None if there is none."""
    for sensor in site.path("/sys/class/hwmon").glob("hwmon*"):
        alarm = sensor / "in0_lcrit_alarm"
        if (sensor / "name").is_file() and (sensor / "name").read_text().strip() == "rpi_volt" and alarm.is_file():
            return alarm.read_text().strip() == "1"
    return None


def _heat(site: Site) -> Finding:
    text = site.text("/sys/class/thermal/thermal_zone0/temp")
    if text is None or not text.lstrip("-").isdecimal() or not board(site):
        raise CannotTell("there is no Raspberry Pi whose heat could be told")
    celsius = int(text) / 1000
    if celsius >= HOT_C:
        return warning(f"the processor has {celsius:.0f} °C", AIR, celsius=celsius)
    return good(f"the processor has {celsius:.0f} °C", celsius=celsius)


POWER = Check(
    "power", "Is the power supply strong enough, and is nothing slowed down?", _examine, beforehand=_beforehand
)
HEAT = Check("heat", "Is the processor cool enough?", _heat)
