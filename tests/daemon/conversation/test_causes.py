"""Which failures are worth another try at once: each was decided about."""

from __future__ import annotations

from daemon.conversation.causes import Cause

MAY_PASS = {
    Cause.LOST,  # the connection broke: the next one may hold
    Cause.OVERLOADED,  # the service has many machines
    Cause.TOKEN_REFUSED,  # the broker gives another
}
STAYS = {
    *(Cause.NO_NETWORK, Cause.TIMEOUT, Cause.CLOCK, Cause.CERTIFICATE, Cause.REGION),
    *(Cause.KEY_MISSING, Cause.KEY_REFUSED, Cause.KEY_BARRED, Cause.BROKER, Cause.BROKER_REFUSED),
    *(Cause.MODEL_UNKNOWN, Cause.MODEL_RETIRED, Cause.SETUP_REFUSED),
    *(Cause.QUOTA, Cause.SPENDING_CAP, Cause.BUDGET),
    Cause.HOME,
    Cause.NO_REPLY,  # a whole wait has passed already, and the user with it
}


def test_a_cause_passes_or_stays_and_a_new_one_has_to_be_decided_about() -> None:
    assert {cause for cause in Cause if cause.passing} == MAY_PASS
    assert set(Cause) == MAY_PASS | STAYS
