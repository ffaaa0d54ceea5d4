"""Examines and mends: runs the checks side by side, each to its deadline, and none hides another."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Final

from daemon.doctor.examining.report import Result
from daemon.errors import PipitError
from daemon.machine.check import examine_one
from daemon.machine.finding import Finding, Verdict, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.doctor.examining.patient import Patient, PatientCheck

DEADLINE_S: Final = 30.0
"""For all checks together. Each has shorter deadlines of its own; this one is for a disk or a driver that hangs."""


def examine(checks: Sequence[PatientCheck], site: Patient, deadline_s: float = DEADLINE_S) -> list[Result]:
    """What each check finds, in the order of `checks`, after `deadline_s` at the latest.

    Each check has a daemon thread of its own: one that hangs neither delays the others nor keeps the process.
    """
    done: queue.SimpleQueue[tuple[str, Finding]] = queue.SimpleQueue()
    for check in checks:
        threading.Thread(target=_report, args=(check, site, done), name=check.name, daemon=True).start()
    found: dict[str, Finding] = {}
    end = time.monotonic() + deadline_s
    while len(found) < len(checks):
        try:
            name, finding = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        found[name] = finding
    return [Result(check.name, found.get(check.name) or _late(deadline_s)) for check in checks]


def mend(
    checks: Sequence[PatientCheck],
    results: Sequence[Result],
    site: Patient,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Mend what can be mended safely of `results`, in their order; then everything is examined again.

    `tell` is given a line before each, for some take minutes. Returns `results` if there was nothing to mend.
    """
    found = {result.name: result.finding.verdict for result in results}
    told = {}
    for check in checks:
        if _is_mendable(check, found[check.name]):
            tell(f"mending {check.name} …")
            told[check.name] = _mended(check, site)
    if not told:
        return list(results)
    return [Result(result.name, result.finding, told.get(result.name, "")) for result in examine(checks, site)]


def _is_mendable(check: PatientCheck, verdict: Verdict) -> bool:
    return check.mend is not None and verdict in (Verdict.BAD, Verdict.WARNING)


def _mended(check: PatientCheck, site: Patient) -> str:
    """What was done, or why not."""
    assert check.mend is not None  # noqa: S101 - by _is_mendable
    try:
        return check.mend(site)
    except PipitError as error:
        return f"nothing, for {error.message}"
    except OSError as error:
        return f"nothing, for {error.filename or check.name}: {error.strerror}"


def _report(check: PatientCheck, site: Patient, done: queue.SimpleQueue[tuple[str, Finding]]) -> None:
    done.put((check.name, examine_one(check, site)))


def _late(deadline_s: float) -> Finding:
    return warning(
        f"the check did not end within {deadline_s:g} s",
        "try again; a disk or a driver hangs if it stays so: `dmesg` may tell which",
    )
