"""What an exchange takes of what is received."""

from __future__ import annotations

import pytest

from daemon.chat.turn_and_reply import Exchange
from daemon.conversation.events import Interrupted, ReplyComplete, ToolCancelled, ToolRequested
from daemon.conversation.messages import ReplyAudio, ReplyText, SourcesNamed, Transcribed, UsageReported
from daemon.conversation.tool_call import ToolCall

CALL = ToolCall("call-1", "set_device", {})


def test_it_takes_its_own_turns_reply_alone() -> None:
    exchange = Exchange(2)
    for turn in (1, 2):
        exchange.received(ReplyAudio(turn, bytes([turn, 0])))
        exchange.received(Transcribed(turn, "model", f"reply {turn}"))
        exchange.received(SourcesNamed(turn, (("A page", f"https://example.org/{turn}"),)))
    exchange.received(ReplyComplete(1))
    assert (exchange.said, exchange.reply.tolist(), exchange.complete) == ("reply 2", [2], False)
    assert exchange.sources == {"https://example.org/2": "A page"}
    exchange.received(ReplyComplete(2))
    assert exchange.complete


def test_a_written_reply_is_one() -> None:
    exchange = Exchange(1)
    exchange.received(ReplyText(1, "noon"))
    exchange.received(ReplyComplete(1))
    assert (exchange.said, exchange.complete) == ("noon", True)


def test_a_reply_cut_short_by_the_service_is_over_and_one_not_begun_is_not() -> None:
    exchange = Exchange(1)
    exchange.received(Interrupted(1))
    assert not exchange.complete
    exchange.received(ReplyAudio(1, b"\1\0"))
    exchange.received(Interrupted(1))
    assert exchange.complete


@pytest.mark.parametrize("piece", [ReplyAudio(1, b"\1\0"), ReplyText(1, "Just a moment.")])
def test_what_is_said_while_a_tool_works_does_not_end_it(piece: ReplyAudio | ReplyText) -> None:
    """A model that does not wait says "just a moment", and that generation has its own end."""
    exchange = Exchange(1)
    exchange.received(ToolRequested(CALL))
    exchange.received(piece)
    exchange.received(ReplyComplete(1))
    assert not exchange.complete
    exchange.answered(CALL, {"ok": True})
    exchange.received(ReplyComplete(1))
    assert not exchange.complete, "the answer is still owed its words"
    exchange.received(piece)
    exchange.received(ReplyComplete(1))
    assert exchange.complete
    assert exchange.calls == [(CALL, {"ok": True})]


def test_a_call_that_is_taken_back_is_not_waited_for() -> None:
    exchange = Exchange(1)
    exchange.received(ToolRequested(CALL))
    exchange.received(ToolCancelled(("call-1",)))
    exchange.received(ReplyAudio(1, b"\1\0"))
    exchange.received(ReplyComplete(1))
    assert exchange.complete


def test_only_what_nothing_came_of_is_asked_again() -> None:
    exchange = Exchange(1, "hello")
    exchange.received(Transcribed(1, "user", "hel"))
    exchange.received(UsageReported(total=3))
    assert exchange.untouched
    exchange.ask_again()
    assert (exchange.heard, exchange.reopened) == ("", 1)
    exchange.received(ToolRequested(CALL))
    assert not exchange.untouched, "it would be done twice"
