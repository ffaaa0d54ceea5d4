"""The memory: how much is left, and whether the kernel had to end something for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import GOOD_MEMORY_MB, LEAST_MEMORY_MB
from daemon.machine.finding import CannotTell, Finding, bad, good, warning

if TYPE_CHECKING:
    from daemon.machine.site import Site

LOW_MB: Final = 60
"""A session, with the SDK that it loads, takes this much more than waiting does (docs/benchmarks.md)."""

MORE: Final = "use a Pi with more, a Zero 2 W at least"
UNKNOWN: Final = "it is not known how much memory there is"


def _examine(site: Site) -> Finding:
    available, total = _megabytes(site)
    ended = _ended(site)
    facts = {"available_mb": available, "total_mb": total, "ended": ended}
    if ended:
        programs = "a program" if ended == 1 else f"{ended} programs"
        return warning(
            f"the memory was full since the start, and the kernel ended {programs}",
            "`journalctl -k -b -g 'Out of memory'` tells which; stop what the machine need not run, such as a desktop",
            **facts,
        )
    if 0 < total < LEAST_MEMORY_MB:
        return warning(_too_little(total), MORE, **facts)
    if available < LOW_MB:
        return warning(
            f"only {available} MB of {total} MB of memory are left",
            "stop what the machine need not run, such as a desktop, or let it swap: sudo apt install zram-tools",
            **facts,
        )
    return good(f"{available:,} MB of {total:,} MB of memory are free", **facts)


def _beforehand(site: Site) -> Finding:
    """By what the machine has: what is free now does not matter yet."""
    _, total = _megabytes(site)
    if not total:
        raise CannotTell(UNKNOWN)
    if total < LEAST_MEMORY_MB:
        return bad(_too_little(total), MORE)
    if total < GOOD_MEMORY_MB:
        return warning(f"{total} MB are enough for Pipit and little else", "use the Lite image, without a desktop")
    return good(f"{total} MB")


def _too_little(total_mb: int) -> str:
    return f"only {total_mb} MB of memory, and Pipit needs {LEAST_MEMORY_MB} MB"


def _megabytes(site: Site) -> tuple[int, int]:
    """What is available and what there is in all, 0 for what is not told. Raises CannotTell."""
    text = site.text("/proc/meminfo")
    if text is None:
        raise CannotTell(UNKNOWN)
    kilobytes = {name: int(value) for name, value in re.findall(r"^(\w+): +(\d+) kB$", text, re.MULTILINE)}
    return kilobytes.get("MemAvailable", 0) // 1024, kilobytes.get("MemTotal", 0) // 1024


def _ended(site: Site) -> int:
    """How many processes the kernel ended for want of memory since the start (proc_vmstat: oom_kill)."""
    found = re.search(r"^oom_kill (\d+)$", site.text("/proc/vmstat") or "", re.MULTILINE)
    return int(found[1]) if found else 0


MEMORY = Check("memory", "Is there memory left, and was there always?", _examine, beforehand=_beforehand)
