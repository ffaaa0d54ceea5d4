"""The table of what failures mean."""

import os

from daemon.conversation.events import Cause, Notice, SessionLost
from daemon.speech.meanings import MEANINGS, NOTICES, SessionFailed


def test_every_cause_has_its_own_sentence_and_a_fix() -> None:
    assert set(MEANINGS) == set(Cause)
    assert set(NOTICES) == set(Notice)
    sentences = {*NOTICES.values(), *(meaning.sentence for meaning in MEANINGS.values())}
    assert len(sentences) == len(Cause) + len(Notice)
    assert all(meaning.fix for meaning in MEANINGS.values())


def test_a_failed_session_says_cause_detail_and_fix_and_ends_with_its_status() -> None:
    error = SessionFailed(SessionLost(Cause.KEY_REFUSED, "API key not valid."))
    assert str(error) == (
        "the session failed: key refused (API key not valid.). Fix: check the API key, or make a new one"
    )
    assert error.exit_status == os.EX_NOPERM
    assert SessionFailed(SessionLost(Cause.LOST)).message == "the session failed: lost"
