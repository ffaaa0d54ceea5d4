"""The model ends the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.farewell.tools import Farewell
from daemon.conversation.events import GoodbyeAsked

if TYPE_CHECKING:
    from daemon.conversation.events import Event


async def test_who_ends_the_conversation_has_it_told_and_is_answered() -> None:
    told: list[Event] = []
    farewell = Farewell()
    farewell.reports_to(told.append)
    assert await farewell.end_conversation() == {"ok": True}
    assert told == [GoodbyeAsked()]


def test_the_tool_takes_nothing_and_says_when_it_is_to_be_called() -> None:
    (tool,) = Farewell().tools()
    assert tool.name == "end_conversation"
    assert "goodbye" in tool.description
