"""Which calls run, what the model owes for them, and what it has not seen."""

from dataclasses import replace

from daemon.conversation.commands import CancelTools, ShowPictures
from daemon.conversation.owed import Owed
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall

RULES = Rules(showing=frozenset({"look"}))
NOT_WAITING = replace(RULES, tools_wait=False)
LAMP = ToolCall("lamp", "set_device")
LOOK = ToolCall("look", "look")
LOOK_AGAIN = ToolCall("again", "look")


def owing(*calls: ToolCall, rules: Rules = RULES) -> Owed:
    owed = Owed()
    for call in calls:
        owed.requested(call, rules)
    return owed


def test_a_call_that_the_model_waits_for_makes_it_owe_an_answer_until_it_speaks() -> None:
    owed = owing(LAMP)
    assert owed.answer_owed
    owed.finished("lamp", failed=False)
    assert owed.pending, "the result is there, and nothing was said of it"
    owed.spoken()
    assert not owed.pending


def test_a_model_that_does_not_wait_owes_nothing_and_may_speak_unasked() -> None:
    owed = owing(LAMP, rules=NOT_WAITING)
    assert not owed.answer_owed
    assert owed.result_awaited


def test_a_model_that_waits_speaks_unasked_only_of_what_it_sees() -> None:
    assert not owing(LAMP).result_awaited
    assert owing(LOOK).result_awaited


def test_a_call_finishes_once() -> None:
    owed = owing(LAMP)
    assert owed.finished("lamp", failed=False)
    assert not owed.finished("lamp", failed=False)


def test_what_the_service_takes_back_it_owes_nothing_for_once_all_is_taken_back() -> None:
    owed = owing(LAMP, LOOK)
    owed.cancelled(["lamp"])
    assert owed.answer_owed
    owed.cancelled(["look", "never heard of"])
    assert not owed.pending


def test_a_new_exchange_forgets_what_was_owed_of_the_reply_but_not_what_runs() -> None:
    owed = owing(LAMP)
    owed.trailing = True
    owed.next_exchange()
    assert (owed.answer_owed, owed.trailing, owed.running) == (False, False, frozenset({"lamp"}))


def test_with_its_session_everything_ends_and_what_runs_is_stopped_but_not_undone() -> None:
    owed = owing(LOOK, LAMP)
    assert owed.end() == [CancelTools(("lamp", "look"))]
    assert owed == Owed()
    assert owed.end() == []


def test_a_user_who_interrupts_has_undone_what_the_model_waits_for() -> None:
    (stop,) = owing(LOOK, LAMP).interrupt(RULES)
    assert isinstance(stop, CancelTools)
    assert (stop.ids, stop.undo, bool(stop.reason)) == (("lamp", "look"), True, True)


def test_an_interruption_leaves_alone_what_nobody_waits_for() -> None:
    owed = owing(LAMP, rules=NOT_WAITING)
    assert owed.interrupt(NOT_WAITING) == []
    assert owed.running == {"lamp"}


# Pictures


def test_a_picture_is_shown_once_when_the_last_call_is_answered() -> None:
    owed = owing(LOOK, LAMP)
    owed.finished("look", failed=False)
    assert owed.show(3) == []
    owed.finished("lamp", failed=False)
    assert owed.show(3) == [ShowPictures(3)]
    assert owed.show(3) == []


def test_a_picture_that_waits_for_a_call_is_shown_when_that_is_taken_back() -> None:
    owed = owing(LOOK, LAMP)
    owed.finished("look", failed=False)
    owed.cancelled(["lamp"])
    assert owed.show(1) == [ShowPictures(1)]


def test_a_look_that_failed_is_told_by_its_answer_alone() -> None:
    owed = owing(LOOK)
    owed.finished("look", failed=True)
    assert owed.show(1) == []


def test_other_tools_show_nothing() -> None:
    owed = owing(LAMP)
    owed.finished("lamp", failed=False)
    assert owed.show(1) == []


def test_a_look_that_is_taken_back_once_it_is_answered_is_shown_all_the_same() -> None:
    owed = owing(LOOK, LAMP)
    owed.finished("look", failed=False)
    owed.cancelled(["look"])
    owed.finished("lamp", failed=False)
    assert owed.show(1) == [ShowPictures(1)]


def test_a_look_that_is_taken_back_takes_with_it_what_was_seen_before() -> None:
    owed = owing(LOOK, LOOK_AGAIN)
    owed.finished("look", failed=False)
    owed.cancelled(["again"])
    assert owed.show(1) == []


def test_what_was_looked_for_before_the_user_spoke_is_not_shown_after() -> None:
    owed = owing(LOOK, rules=NOT_WAITING)
    owed.user_speaks()
    owed.finished("look", failed=False)
    assert owed.show(2) == []


def test_a_look_of_before_that_is_taken_back_is_no_matter_to_the_look_of_now() -> None:
    owed = owing(LOOK, rules=NOT_WAITING)
    owed.user_speaks()
    owed.requested(LOOK_AGAIN, NOT_WAITING)
    owed.finished("again", failed=False)
    owed.cancelled(["look"])
    assert owed.show(2) == [ShowPictures(2)]
