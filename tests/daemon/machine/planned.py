"""A machine that Pipit is to be installed on, and what install.sh is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.machine.apt import CHECKOUT, Plan
from daemon.machine.preflight import CHECKS, lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine


def plan(machine: Machine, checkout: Path = CHECKOUT) -> Plan:
    environ = {"PATH": str(machine.folder / "bin"), **machine.environ}
    machine.root.mkdir(exist_ok=True)
    return Plan(root=machine.root, environ=environ, uid=machine.uid, now=lambda: machine.now, checkout=checkout)


def told(machine: Machine, name: str, checkout: Path = CHECKOUT) -> str:
    """The line of one check, as install.sh prints it but for the columns."""
    (check,) = (check for check in CHECKS if check[0] == name)
    (line,) = lines(plan(machine, checkout), [check])
    word, of, sentence, fix = line.split("\t")
    assert of == name
    return f"{word} {sentence}{f': {fix}' if fix else ''}"
