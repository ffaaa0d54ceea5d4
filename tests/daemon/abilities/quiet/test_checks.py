"""Quiet hours have two ends, or none."""

from __future__ import annotations

import pytest

from daemon.abilities.quiet.checks import faults_of_quiet


@pytest.mark.parametrize(("given", "missing"), [("from", "to"), ("to", "from")])
def test_one_end_alone_is_a_fault_at_the_other(given: str, missing: str) -> None:
    (fault,) = faults_of_quiet({given: "22:00"})
    assert fault.path == ("quiet", missing)
    assert given in fault.what
    assert f"remove {given}" in fault.fix
    assert '"22:00"' not in fault.fix, "one moment makes no hours"


def test_both_or_none_are_fine() -> None:
    assert list(faults_of_quiet({})) == []
    assert list(faults_of_quiet({"from": "22:00", "to": "07:00"})) == []
    assert list(faults_of_quiet({"from": "", "to": ""})) == []
