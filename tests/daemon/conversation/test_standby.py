"""Who is asked first, and when the service is sought."""

from __future__ import annotations

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import SeekService
from daemon.conversation.rules import Offline
from daemon.conversation.standby import Reading, Standby, Told


def test_two_losses_in_a_row_and_the_service_is_sought_once() -> None:
    home = Standby()
    assert home.lost(Cause.NO_NETWORK) == []
    assert home.lost(Cause.LOST) == [SeekService()]
    assert home.lost(Cause.TIMEOUT) == []
    home.returned()
    assert not home.away
    assert home.lost(Cause.TIMEOUT) == [SeekService()]
    home.answered()
    assert home.lost(Cause.TIMEOUT) == []


@pytest.mark.parametrize("cause", [cause for cause in Cause if not cause.unreachable])
def test_what_the_service_says_no_to_it_was_there_to_say(cause: Cause) -> None:
    home = Standby()
    for _ in range(3):
        assert home.lost(cause) == []


def test_who_is_asked_first() -> None:
    near, away, failed = Standby(), Standby(losses=2), Standby(losses=2, failed=True)
    assert [home.first(Offline.FALLBACK) for home in (near, away, failed)] == [False, True, False]
    assert [home.first(Offline.ALWAYS) for home in (near, away, failed)] == [True, True, True]
    assert not away.first(Offline.NEVER)


def test_the_next_request_begins_with_nothing_but_what_is_known_of_the_service() -> None:
    home = Standby(Cause.LOST, failed=True, called=True, reading=Reading.SURE, losses=1, told=Told.SOUND)
    home.next_request()
    assert home == Standby(losses=1, told=Told.SOUND)
