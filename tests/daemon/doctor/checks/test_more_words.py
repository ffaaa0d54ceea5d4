from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.brain.sentence_vectors import PACKAGE
from daemon.doctor.checks.more_words import UNDERSTANDING
from tests.daemon.doctor.machine import GOOD, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def test_without_the_extra_rules_alone_are_used_and_that_is_no_trouble(machine: Machine) -> None:
    machine.file(f"/modules/{PACKAGE}.py", "raise ImportError('no wheel for this system')\n")
    machine.environ["PYTHONPATH"] = str(machine.root / "modules")
    assert_finding(machine.finding(UNDERSTANDING), GOOD, "by rules alone")


def test_with_it_more_words_are_understood(machine: Machine) -> None:
    machine.file(f"/modules/{PACKAGE}.py", "")
    machine.environ["PYTHONPATH"] = str(machine.root / "modules")
    assert_finding(machine.finding(UNDERSTANDING), GOOD, "a model of the understanding")
