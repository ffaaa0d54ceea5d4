"""`python3 -m daemon.machine.preflight ROOT`: what could stop an installation on the machine below ROOT.

For install.sh, which runs it by the system's Python, before anything is changed: it takes the standard library alone,
3.11 or newer. Nothing is written but to a folder for temporary files, and root is not needed. Prints a line for each
check, "ok, note or refused TAB its name TAB a sentence TAB the fix, if any"; how a line looks is install.sh's.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.machine.apt import APT, Plan
from daemon.machine.boot import BOOT_CONFIG
from daemon.machine.check import Check, examine_one
from daemon.machine.clock import CLOCK
from daemon.machine.finding import Verdict
from daemon.machine.memory import MEMORY
from daemon.machine.name_lookup import SERVICE_NAME
from daemon.machine.power import POWER
from daemon.machine.sound_holders import SOUND_HOLDERS
from daemon.machine.storage import DISK
from hardware.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKS: Final[tuple[tuple[str, Check[Plan]], ...]] = (
    ("disk", DISK),
    ("memory", MEMORY),
    ("clock", CLOCK),
    ("network", APT),
    ("service", SERVICE_NAME),
    ("sound", SOUND_HOLDERS),
    ("power", POWER),
    ("config.txt", BOOT_CONFIG),
)
"""In the order of their lines, by the names that install.sh has always called them."""

WORDS: Final = {
    Verdict.GOOD: "ok",
    Verdict.WARNING: "note",
    Verdict.BAD: "refused",
    Verdict.SKIPPED: "note",
}


def lines(plan: Plan, checks: Sequence[tuple[str, Check[Plan]]] = CHECKS) -> Iterator[str]:
    """What each check finds, with the bounds of an installation."""
    for name, check in checks:
        finding = examine_one(check.before_installing(), plan)
        yield "\t".join((WORDS[finding.verdict], name, one_line(finding.sentence), one_line(finding.fix)))


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 also where something is refused, 2 for wrong arguments."""
    if len(arguments) != 1:
        print("usage: python3 -m daemon.machine.preflight ROOT", file=sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of programs may have what the locale has not
    for line in lines(Plan(root=Path(arguments[0]))):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
