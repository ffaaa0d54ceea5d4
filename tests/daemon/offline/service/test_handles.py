"""How long a conversation can be taken up again."""

from daemon.brain.brain import Remark
from daemon.offline.service.context import Entry
from daemon.offline.service.handles import CAPACITY, Handles
from daemon.offline.service.token_counts import Tokens
from tests.daemon.offline.live_client import ManualClock

LIFETIME_S = 7_200
ONE = Entry(Remark("user", "one"), Tokens(1))


def test_a_handle_stands_for_the_moment_it_was_issued() -> None:
    handles, entries = Handles(ManualClock(), LIFETIME_S), [ONE]
    handle = handles.issue(entries, 7, lambda: True)
    entries.append(Entry(Remark("model", "two"), Tokens(1)))
    saved = handles.find(handle)
    assert saved is not None
    assert (saved.entries, saved.age_s) == ((ONE,), 7)
    assert saved.in_use()


def test_each_handle_is_another() -> None:
    handles = Handles(ManualClock(), LIFETIME_S)
    assert handles.issue([], 0, lambda: False) != handles.issue([], 0, lambda: False)


def test_unknown_handles() -> None:
    assert Handles(ManualClock(), LIFETIME_S).find("x") is None


def test_a_handle_expires() -> None:
    clock = ManualClock()
    handles = Handles(clock, LIFETIME_S)
    handle = handles.issue([], 0, lambda: False)
    clock.advance(LIFETIME_S - 1)
    assert handles.find(handle) is not None
    clock.advance(1)
    assert handles.find(handle) is None


def test_the_oldest_goes_first() -> None:
    handles = Handles(ManualClock(), LIFETIME_S)
    issued = [handles.issue([], 0, lambda: False) for _ in range(CAPACITY + 1)]
    assert handles.find(issued[0]) is None
    assert handles.find(issued[1]) is not None
