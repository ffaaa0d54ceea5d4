"""Which calls of a service are let in: what cannot be run, or not be told apart, is refused before it acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.live.checked import LONGEST_NAME, fault_of, is_writable

if TYPE_CHECKING:
    from daemon.conversation.tool_call import ToolCall

CALLS_LIMIT: Final = 32
"""Calls of one session that may await their answers at once."""

REPEATED: Final = "another call had its id, and was run: call it again by itself if it is still wanted"


def objection(call: ToolCall, owed: int) -> str:
    """Why `call` is not run beside the `owed` that await their answers, in words for the model; empty if it is."""
    if owed >= CALLS_LIMIT:
        return f"{CALLS_LIMIT} calls are running: call it again when they have been answered"
    if len(call.name) > LONGEST_NAME or not is_writable(call.name):
        return "there is no function of that name"
    return fault_of(call.arguments)
