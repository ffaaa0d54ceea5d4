"""`pipit doctor` and `pipit support-bundle`: what was found on this machine, for who sits there or who helps."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.doctor.checks.network import TLS
from daemon.doctor.examining.doctor import examine, mend
from daemon.doctor.examining.patient import PatientCheck, this_machine
from daemon.doctor.examining.report import Result, as_json, as_text, exit_status, look_of
from daemon.doctor.order import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from daemon.doctor.examining.patient import Patient


CHECK_KEY: Final = (
    "May the API key be sent to the service once, to learn whether it is valid? "
    "It costs nothing, or a few tokens where [listening] eager is to be tried."
)
HANDS_ON: Final = "Is somebody at the device, to try microphone, speaker, button and light now?"


@dataclass(frozen=True, kw_only=True)
class DoctorOptions:
    """What the command line asked for; None is what was not said, and is asked where somebody can answer."""

    settings: Path
    as_json: bool = False
    fix: bool = False
    check_key: bool | None = None
    hands_on: bool | None = None


@dataclass(frozen=True)
class Console:
    """Whom the doctor talks to; `quiet`, it asks nothing, and standard output is for the result alone."""

    input: TextIO = field(default_factory=lambda: sys.stdin)
    output: TextIO = field(default_factory=lambda: sys.stdout)
    errors: TextIO = field(default_factory=lambda: sys.stderr)
    quiet: bool = False

    def agrees(self, said: bool | None, question: str) -> bool:
        """What was `said`; else what is answered; no, where nobody can answer."""
        if said is not None:
            return said
        if self.quiet or not (self.input.isatty() and self.output.isatty()):
            return False
        print(f"{question} [y/N] ", end="", file=self.output, flush=True)
        return self.input.readline().strip().lower() in {"y", "yes"}


def doctor(
    options: DoctorOptions,
    console: Console | None = None,
    machine: Callable[..., Patient] = this_machine,
    checks: Sequence[PatientCheck] = CHECKS,
) -> int:
    """Print the report; the exit status."""
    console = console or Console(quiet=options.as_json)
    site = machine(options.settings, consent=console.agrees(options.check_key, CHECK_KEY))
    results = examine(checks, site)
    if options.fix:
        results = mend(checks, results, site, lambda line: print(line, file=console.errors, flush=True))
    look = look_of(console.output, os.environ)
    if not options.as_json:
        print(as_text(results, look), file=console.output, flush=True)
    by_hand = _examine_hands_on(site, console) if console.agrees(options.hands_on, HANDS_ON) else []
    if options.as_json:
        print(as_json([*results, *by_hand]), file=console.output)
    elif by_hand:
        print(as_text(by_hand, look), file=console.output)
    return exit_status([*results, *by_hand])


def _examine_hands_on(site: Patient, console: Console) -> list[Result]:
    from daemon.doctor.hands_on.hands import examine_hands_on  # loads the audio and wake word parts
    from daemon.doctor.hands_on.terminal import LineTerminal

    output = console.errors if console.quiet else console.output  # standard output is for the JSON alone
    return examine_hands_on(site, LineTerminal(console.input.fileno(), output))


def bench(settings: Path, *, as_json: bool) -> int:
    """Print this machine's figures beside published ones. Raises BenchFailed."""
    from daemon.doctor.bench.bench import bench as measure

    figures = measure(this_machine(settings), TLS.run)
    print(figures.as_json() if as_json else figures.as_text())
    return os.EX_OK


def support_bundle(settings: Path, output: Path | None) -> int:
    """Write what helps to find a fault into a file, and print what it holds. Raises BundleNotWritten."""
    from daemon.doctor.support.bundle import default_name, write_support_bundle

    site = this_machine(settings)
    path = output or Path(default_name(site))
    with suppress(FileNotFoundError):  # the folder that this is in is no more: writing will say so
        path = path.absolute()
    print(write_support_bundle(site, path, examine(CHECKS, site)))
    return os.EX_OK
