"""Which calls are let in."""

import pytest

from daemon.conversation.tool_call import ToolCall
from daemon.live.admission import CALLS_LIMIT, objection
from daemon.live.checked import LONGEST_NAME


@pytest.mark.parametrize(
    ("call", "owed", "words"),
    [
        (ToolCall("1", "set_device", {"device": "lamp"}), 0, ""),
        (ToolCall("", ""), 0, ""),
        (ToolCall("1", "n" * LONGEST_NAME), CALLS_LIMIT - 1, ""),
        (ToolCall("1", "set_device"), CALLS_LIMIT, "32 calls are running"),
        (ToolCall("1", "n" * (LONGEST_NAME + 1)), 0, "no function of that name"),
        (ToolCall("1", "a\0"), 0, "no function of that name"),
        (ToolCall("1", "set_device", {"level": float("inf")}), 0, "a number that is none"),
    ],
)
def test_what_is_said_against_a_call(call: ToolCall, owed: int, words: str) -> None:
    assert words in objection(call, owed)
    assert bool(objection(call, owed)) is bool(words)
