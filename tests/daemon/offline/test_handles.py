"""How long a conversation can be taken up again."""

from daemon.offline.brain import Remark
from daemon.offline.handles import CAPACITY, LIFETIME_S, Handles
from tests.daemon.offline.live_client import ManualClock


def test_a_handle_stands_for_the_moment_it_was_issued() -> None:
    handles, remarks = Handles(ManualClock()), [Remark("user", "one")]
    handle = handles.issue(remarks, lambda: True)
    remarks.append(Remark("model", "two"))
    saved = handles.find(handle)
    assert saved is not None
    assert saved.remarks == (Remark("user", "one"),)
    assert saved.in_use()


def test_each_handle_is_another() -> None:
    handles = Handles(ManualClock())
    assert handles.issue([], lambda: False) != handles.issue([], lambda: False)


def test_unknown_handles() -> None:
    assert Handles(ManualClock()).find("x") is None


def test_a_handle_expires() -> None:
    clock = ManualClock()
    handles = Handles(clock)
    handle = handles.issue([], lambda: False)
    clock.advance(LIFETIME_S - 1)
    assert handles.find(handle) is not None
    clock.advance(1)
    assert handles.find(handle) is None


def test_the_oldest_goes_first() -> None:
    handles = Handles(ManualClock())
    issued = [handles.issue([], lambda: False) for _ in range(CAPACITY + 1)]
    assert handles.find(issued[0]) is None
    assert handles.find(issued[1]) is not None
