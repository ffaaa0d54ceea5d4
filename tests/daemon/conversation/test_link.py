"""Whether there is a session, and for how much longer it is of use."""

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import CloseSession, OpenSession
from daemon.conversation.link import Link, Phase


def open_link() -> Link:
    link = Link()
    link.open()
    link.opened()
    return link


def test_a_session_is_asked_for_once_however_often_it_is_wanted() -> None:
    link = Link()
    assert link.open() == [OpenSession()]
    assert link.open() == []
    link.opened()
    assert link.open() == []
    assert link.is_open


def test_what_nobody_asked_for_does_not_open() -> None:
    link = Link()
    link.opened()
    assert link.closed


def test_a_session_is_closed_whether_it_is_open_or_still_opens_but_not_twice() -> None:
    for link in (Link(Phase.OPENING), Link(Phase.OPEN)):
        assert link.close() == [CloseSession()]
        assert link.close() == []


def test_a_new_session_has_nothing_of_the_old_one() -> None:
    link = open_link()
    link.goes_away()
    link.lost()
    assert link == Link()
    link.open()
    link.opened()
    link.spend()
    link.close()
    assert link == Link()


@pytest.mark.parametrize(
    "link", [Link(Phase.OPENING), Link(Phase.OPEN, ending=True), Link(Phase.OPEN, spent=True)], ids=str
)
def test_what_is_of_no_use_to_the_next_request(link: Link) -> None:
    assert link.done_with


def test_an_open_session_is_of_use_and_none_is_not_to_be_closed() -> None:
    assert not open_link().done_with
    assert not Link().done_with


def test_a_spent_session_ends_with_its_exchange_and_not_because_the_service_says_so() -> None:
    link = open_link()
    link.goes_away()
    link.spend()
    assert (link.spent, link.ending) == (True, False)


def test_a_request_has_its_session_opened_again_so_many_times_and_the_next_as_often() -> None:
    link = open_link()
    for _ in range(2):
        assert link.may_reopen(Cause.LOST, 2)
        link.lost()
        assert link.reopen() == [OpenSession()]
    assert not link.may_reopen(Cause.LOST, 2)
    link.next_request()
    assert link.may_reopen(Cause.LOST, 2)


def test_a_failure_that_would_come_again_is_not_tried_again() -> None:
    assert not open_link().may_reopen(Cause.KEY_REFUSED, 9)
