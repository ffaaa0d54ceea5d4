"""Wi-Fi: its power saving, which delays the first packet of every conversation, and a signal that is too weak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, good, warning

if TYPE_CHECKING:
    from daemon.machine.site import Site

WEAK_DBM: Final = -75.0
"""Below this a Pi's antenna loses packets (a rule of thumb of access point makers)."""

_CONFIG_FOLDERS: Final = ("/usr/lib/NetworkManager/conf.d", "/run/NetworkManager/conf.d", "/etc/NetworkManager/conf.d")
_OFF: Final = "2"
"""NetworkManager's wifi.powersave: 0 its default, 1 left alone, 2 off, 3 on (NetworkManager.conf(5))."""

TURN_OFF: Final = (
    "let `sudo ./install.sh install` turn it off, which asks; or put [connection-wifi], match-device=type:wifi and"
    " wifi.powersave=2 into /etc/NetworkManager/conf.d/90-pipit-wifi.conf yourself; then restart"
)


def _examine(site: Site) -> Finding:
    interfaces = _connected(site)
    if not interfaces:
        raise CannotTell("no Wi-Fi is connected")
    name = interfaces[0]
    saving = _saves_power(site, name)
    signal = _signal(site, name)
    facts: dict[str, Fact] = {"interface": name}
    facts |= {"signal_dbm": signal} if signal is not None else {}
    if signal is not None and signal < WEAK_DBM:
        return warning(
            f"the Wi-Fi signal of {name} is weak ({signal:.0f} dBm)", "move it, or the access point", **facts
        )
    if saving is None:
        raise CannotTell(f"whether {name} saves power, nobody here can say", fix="sudo apt install iw")
    facts["power_save"] = saving
    if saving:
        return warning(f"{name} saves power, which delays each first answer by 0.1 to 1 s", TURN_OFF, **facts)
    return good(f"{name} does not save power", **facts)


def _connected(site: Site) -> list[str]:
    """The wireless interfaces that are up."""
    folders = sorted(site.path("/sys/class/net").glob("*"))
    wireless = [folder for folder in folders if (folder / "phy80211").exists() or (folder / "wireless").exists()]
    return [folder.name for folder in wireless if (site.text(f"/sys/class/net/{folder.name}/operstate")) == "up"]


def _saves_power(site: Site, name: str) -> bool | None:
    """What the driver says by iw, else what NetworkManager is told; None if neither can be known."""
    done = site.run(["iw", "dev", name, "get", "power_save"])
    said = re.search(r"Power save: (on|off)", done.output) if done.ok else None
    if said:
        return said[1] == "on"
    told = None
    files = {file.name: file for folder in _CONFIG_FOLDERS for file in site.path(folder).glob("*.conf")}
    for _, file in sorted(files.items()):
        for value in re.findall(r"^\s*wifi\.powersave\s*=\s*(\d)", file.read_text(errors="replace"), re.MULTILINE):
            told = value
    return told != _OFF if told else None


def _signal(site: Site, name: str) -> float | None:
    """In dBm, by /proc/net/wireless; None if the driver does not say."""
    found = re.search(rf"^ *{re.escape(name)}: +\S+ +\S+ +(-\d+)", site.text("/proc/net/wireless") or "", re.MULTILINE)
    return float(found[1]) if found else None


WIFI = Check("wifi", "Is the Wi-Fi awake, and its signal strong enough?", _examine)
