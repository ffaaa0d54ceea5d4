"""Each kind has its own patience."""

import pytest

from daemon.abilities.timers.entry import Kind
from daemon.abilities.timers.overdue import ACTS_S, RINGS_S, Patience, Verdict

PATIENCE = Patience(alarm_s=900.0)


@pytest.mark.parametrize(
    ("kind", "late_s", "verdict"),
    [
        ("timer", 0.0, "ring"),
        ("timer", RINGS_S, "ring"),
        ("timer", RINGS_S + 1, "tell"),
        ("reminder", RINGS_S + 1, "tell"),
        ("alarm", 900.0, "ring"),
        ("alarm", 901.0, "tell"),
        ("action", ACTS_S, "act"),
        ("action", ACTS_S + 1, "tell"),
    ],
)
def test_what_becomes_of_what_is_late(kind: Kind, late_s: float, verdict: Verdict) -> None:
    assert PATIENCE.verdict(kind, late_s) == verdict
