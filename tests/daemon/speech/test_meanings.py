"""The table of what failures mean."""

import os

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost
from daemon.speech.meanings import MEANINGS, Meaning, SessionFailed


def test_every_cause_has_a_fix() -> None:
    assert set(MEANINGS) == set(Cause)
    assert all(meaning.fix for meaning in MEANINGS.values())


def test_of_each_cause_it_is_said_whether_somebody_may_ask_again() -> None:
    """It has no default: a new cause is not forgotten."""
    with pytest.raises(TypeError, match="may_pass"):
        Meaning("think")  # type: ignore[call-arg]
    assert {cause for cause, meaning in MEANINGS.items() if meaning.may_pass} == {
        *(Cause.NO_NETWORK, Cause.TIMEOUT, Cause.OVERLOADED, Cause.LOST, Cause.NO_REPLY),
        *(Cause.BROKER, Cause.TOKEN_REFUSED),
    }


def test_what_is_tried_again_at_once_may_be_asked_again() -> None:
    assert all(MEANINGS[cause].may_pass for cause in Cause if cause.passing)


@pytest.mark.parametrize("cause", Cause)
def test_a_failed_session_says_whether_it_may_pass(cause: Cause) -> None:
    assert SessionFailed(SessionLost(cause)).may_pass == MEANINGS[cause].may_pass


def test_a_failed_session_says_cause_detail_and_fix_and_ends_with_its_status() -> None:
    error = SessionFailed(SessionLost(Cause.KEY_REFUSED, "API key not valid."))
    assert str(error) == (
        "the session failed: key refused (API key not valid.). Fix: check the API key, or make a new one"
    )
    assert error.exit_status == os.EX_NOPERM
    assert SessionFailed(SessionLost(Cause.LOST)).message == "the session failed: lost"
