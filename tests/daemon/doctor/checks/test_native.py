from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.native import MODULES, NATIVE_IMPORTS, import_all
from daemon.machine.finding import CannotTell
from tests.daemon.doctor.machine import GOOD, PYTHON, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

CRASHES = "import os, signal\nos.kill(os.getpid(), signal.{})\n"


@pytest.fixture
def broken(machine: Machine) -> Machine:
    """Modules that end the process that imports them."""
    for name in ("SIGILL", "SIGSEGV"):
        machine.file(f"/modules/ends_in_{name.lower()}.py", CRASHES.format(name))
    machine.file("/modules/says_no.py", "raise ImportError('libgomp.so.1: cannot open shared object file')\n")
    machine.environ["PYTHONPATH"] = str(machine.root / "modules")
    machine.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    return machine


def test_those_of_this_machine_can_be_imported(machine: Machine) -> None:
    machine.environ = dict(os.environ)
    assert_finding(machine.finding(NATIVE_IMPORTS), GOOD, str(len(MODULES)))


def test_a_wheel_for_another_processor(broken: Machine) -> None:
    [told] = import_all(broken.site(), ["json", "ends_in_sigill", "csv"], PYTHON)
    assert told == "importing ends_in_sigill ends in SIGILL: it was built for another processor"


def test_one_that_fails_does_not_hide_the_next(broken: Machine) -> None:
    told = import_all(broken.site(), ["ends_in_sigill", "says_no", "json", "ends_in_sigsegv"], PYTHON)
    assert [sentence.split()[0:2] for sentence in told] == [
        ["importing", "ends_in_sigill"],
        ["says_no", "cannot"],
        ["importing", "ends_in_sigsegv"],
    ]
    assert "libgomp.so.1" in told[1]


def test_a_python_that_this_user_may_not_start(machine: Machine) -> None:
    with pytest.raises(CannotTell, match="/nowhere/python cannot be started"):
        import_all(machine.site(), ["json", "csv"], "/nowhere/python")
