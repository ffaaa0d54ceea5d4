"""The clock: a Pi has none of its own that runs without power, and TLS fails on a wrong one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import RELEASED, SYNCHRONIZED
from daemon.machine.finding import CannotTell, Fact, Finding, bad, good, warning
from daemon.machine.model import SYSTEMD_RUNS
from hardware.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.machine.site import Site

LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""No certificate of today is valid any more then."""

TURN_ON: Final = "sudo timedatectl set-ntp true"


def _examine(site: Site) -> Finding:
    now = site.now()
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if not RELEASED <= now <= LATEST:
        return bad(
            f"the clock says {shown}, which cannot be; no certificate is valid then",
            f"connect to the network and wait a minute, or sudo date -s '2026-12-31 12:00'; {TURN_ON} keeps it right",
            now=now.isoformat(timespec="seconds"),
        )
    state = _timedatectl(site)
    synchronised = _is_synchronised(site, state)
    facts: dict[str, Fact] = {"now": now.isoformat(timespec="seconds"), "synchronised": synchronised}
    if synchronised:
        return good(f"the clock is synchronised ({shown})", **facts)
    if not state:
        raise CannotTell(f"nobody here can say whether the clock is synchronised; it says {shown}")
    if state.get("NTP") == "no":
        return warning(f"the clock is not synchronised, and that is turned off; it says {shown}", TURN_ON, **facts)
    return warning(
        f"the clock has not been synchronised since the start; it says {shown}",
        "wait a minute; if it stays so, see the check dns, or whether the network blocks NTP (UDP port 123)",
        **facts,
    )


def _beforehand(site: Site) -> Finding:
    """Certificates do not verify with a clock that is weeks behind, as that of a Pi is that was in a box."""
    now = site.now()
    if not RELEASED <= now <= LATEST:
        why = f"but this Pipit is of {RELEASED:%Y-%m-%d}" if now < RELEASED else "which cannot be"
        return bad(
            f"the clock says {now:%Y-%m-%d}, {why}",
            "connect the network and wait a minute, or set it: sudo date -s 'YYYY-MM-DD hh:mm'",
        )
    if not _is_synchronised(site, _timedatectl(site)):
        return warning(f"{now:%Y-%m-%d}; not set by the network yet", "")
    return good(f"{now:%Y-%m-%d}, set by the network")


def _is_synchronised(site: Site, state: Mapping[str, str]) -> bool:
    return site.path(SYNCHRONIZED).exists() or state.get("NTPSynchronized") == "yes"


def _timedatectl(site: Site) -> dict[str, str]:
    """What timedatectl shows; empty where it cannot be asked, as of an image, whose clock is not this machine's."""
    if not site.path(SYSTEMD_RUNS).is_dir():
        return {}
    done = site.run(["timedatectl", "show", "--property=NTP", "--property=NTPSynchronized"])  # it knows no lists
    lines = done.output.splitlines() if done.ok else []
    return dict(line.partition("=")[::2] for line in lines if "=" in line)


def _turn_on(site: Site) -> str:
    if _timedatectl(site).get("NTP") != "no":
        raise PipitError("only synchronisation that is turned off can be mended without you", fix="wait a minute")
    done = site.run(["timedatectl", "set-ntp", "true"])
    if not done.ok:
        raise PipitError(f"timedatectl refused ({done.errors[:100]})", fix="run it with sudo")
    return "turned time synchronisation on (timedatectl set-ntp true)"


CLOCK = Check("clock", "Is the clock right, and kept right?", _examine, _turn_on, _beforehand)
