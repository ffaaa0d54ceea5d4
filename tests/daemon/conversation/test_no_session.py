"""Why there can be no session: each reason is told as a cause, and ends a command with a status."""

from __future__ import annotations

import os

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import BudgetSpent, KeyMissing, NoSession, SecretMissing


@pytest.mark.parametrize(
    ("reason", "cause", "status"),
    [
        (KeyMissing, Cause.KEY_MISSING, os.EX_NOPERM),
        (SecretMissing, Cause.BROKER_REFUSED, os.EX_NOPERM),
        (BudgetSpent, Cause.BUDGET, os.EX_TEMPFAIL),
    ],
)
def test_a_reason_has_a_cause_for_the_household_and_a_status_for_a_command(
    reason: type[NoSession], cause: Cause, status: int
) -> None:
    with pytest.raises(NoSession) as raised:
        raise reason("there is none", fix="see to it")
    assert (raised.value.cause, raised.value.exit_status) == (cause, status)
    assert str(raised.value) == "there is none. Fix: see to it"
