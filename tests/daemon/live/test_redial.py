"""How soon a session is opened after others were lost."""

import pytest

from daemon.live.redial import BASE_S, BUDGET, CEILING, LONGEST_S, WINDOW_S, Redial
from tests.daemon.offline.live_client import ManualClock


def redial(draw: float = 1.0) -> tuple[Redial, ManualClock]:
    clock = ManualClock()
    return Redial(clock, lambda: draw), clock


def test_the_first_is_opened_at_once() -> None:
    assert redial()[0].wait_s() == 0


def test_the_bound_doubles_with_every_failure_up_to_the_longest() -> None:
    dial, clock = redial()
    waits = []
    for _ in range(7):
        dial.failed()
        clock.advance(WINDOW_S)
        waits.append(dial.wait_s())
    assert waits[:4] == [BASE_S * 2, BASE_S * 4, BASE_S * 8, BASE_S * 16]
    assert waits[4:] == [LONGEST_S] * 3


def test_the_wait_is_drawn_from_the_whole_range() -> None:
    dial, _ = redial(draw=0.25)
    dial.failed()
    assert dial.wait_s() == BASE_S * 2 / 4


def test_a_service_that_answers_is_trusted_again() -> None:
    dial, _ = redial()
    dial.failed()
    dial.answered()
    assert dial.wait_s() == 0


def test_a_service_that_was_found_again_is_dialled_at_once_and_as_often_as_before() -> None:
    dial, _ = redial()
    for _ in range(BUDGET):
        dial.failed()
        assert dial.wait_s()
    dial.found()
    assert dial.wait_s() == 0
    dial.failed()
    assert dial.wait_s() is None


def test_too_many_in_a_window_and_there_are_no_more_until_it_has_passed() -> None:
    dial, clock = redial()
    dial.failed()
    assert None not in [dial.wait_s() for _ in range(BUDGET)]
    assert dial.wait_s() is None
    clock.advance(WINDOW_S)
    assert dial.wait_s() is not None


def test_sessions_that_do_their_work_have_no_budget() -> None:
    dial, _ = redial()
    assert None not in [dial.wait_s() for _ in range(3 * BUDGET)]


def test_but_no_household_asks_as_often_as_this() -> None:
    dial, clock = redial()
    waits = []
    for _ in range(CEILING + 1):
        waits.append(dial.wait_s())
        dial.answered()
    assert waits == [0.0] * CEILING + [None]
    clock.advance(WINDOW_S)
    assert dial.wait_s() == 0


def test_one_renewal_is_as_it_should_be_and_more_in_a_row_are_not() -> None:
    dial, _ = redial()
    waits = []
    for _ in range(BUDGET):
        waits.append(dial.wait_s())
        dial.renewed()
    assert waits[:4] == [0, 0, BASE_S * 2, BASE_S * 4]
    assert dial.wait_s() is None


def test_renewals_of_sessions_that_answer_have_no_budget() -> None:
    dial, clock = redial()
    for _ in range(3 * BUDGET):
        assert dial.wait_s() == 0
        dial.answered()
        dial.renewed()
        clock.advance(3.0)


def test_sessions_that_did_their_work_do_not_count_against_one_that_fails() -> None:
    dial, _ = redial()
    for _ in range(BUDGET):
        dial.wait_s()
        dial.answered()
    dial.failed()
    assert dial.wait_s() == BASE_S * 2


def test_a_wait_and_a_refusal_are_told_with_what_came_before(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    dial, _ = redial()
    dial.wait_s()
    dial.renewed()
    dial.wait_s()
    assert caplog.messages == []
    dial.failed()
    dial.wait_s()
    assert caplog.messages == ["a session is opened in 1.0 s: 1 failed, 1 ended early"]
    for _ in range(BUDGET):
        dial.wait_s()
    assert caplog.messages[-1] == "no session is opened: the last 8 were, within 60 s; 1 failed"


def test_too_many_that_all_answered_are_told_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    dial, _ = redial()
    for _ in range(CEILING + 1):
        dial.wait_s()
    assert caplog.messages == ["no session is opened: the last 40 were, within 60 s; 0 failed"]
