"""The settings: can they be used, and if not, which lines are wrong?"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from daemon.errors import one_line
from daemon.files import FileTrouble, read_regular
from daemon.house.file import Report, check
from daemon.machine.check import Check
from daemon.machine.finding import Finding, Verdict, good, skipped
from daemon.settings.source import LARGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.doctor.examining.patient import Patient
    from daemon.settings.problems import Problem


def _examine(site: Patient) -> Finding:
    try:
        read_regular(site.settings_path, LARGEST_BYTES)
    except FileTrouble as trouble:  # others check() tells better
        if trouble.number == errno.EACCES:
            return skipped(one_line(f"{site.settings_path} {trouble.what}"), "run it with sudo")
    report = check(site.settings_path)
    if report.settings is None:
        return _listed(Verdict.BAD, report.problems)
    if report.warnings:
        return _listed(Verdict.WARNING, report.warnings)
    return _fine(report)


def _fine(report: Report) -> Finding:
    count = len(report.settings.devices) if report.settings else 0
    files = one_line(", ".join(map(str, report.files)))
    return good(f"{files} can be used, with {count} {'device' if count == 1 else 'devices'}", devices=count)


def _listed(verdict: Verdict, problems: Sequence[Problem]) -> Finding:
    """All of them in one sentence, each with its place; the fix of each after the other."""
    whats = [f"{_place(problem)}: {problem.what}" for problem in problems]
    fixes = list(dict.fromkeys(problem.fix for problem in problems))
    again = [] if verdict is Verdict.WARNING else ["then `pipit check` reads the file again"]
    facts = {f"problem_{number}": str(problem) for number, problem in enumerate(problems, 1)}
    return Finding(verdict, "; ".join(whats), "; ".join([*fixes, *again]), facts)


def _place(problem: Problem) -> str:
    return f"{problem.place}: {problem.key}" if problem.key else problem.place


SETTINGS = Check("settings", "Can the settings be used, and which lines are wrong?", _examine)
