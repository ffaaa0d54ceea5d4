"""The tools by which a household asks what is remembered, and has it forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.tools import RECALLED, Remembered, remembering_tools
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Toolbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.abilities.memory.tools import Which


class Notes:
    """A keeper that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[str], int]] = []
        self.forgotten: list[str] = []

    async def find(self, words: Sequence[str], limit: int) -> list[Remembered]:
        self.asked.append((words, limit))
        return [Remembered("2026-03-01 18:05", "the household", "Buy milk")]

    async def forget(self, which: Which) -> int:
        self.forgotten.append(which)
        return 3


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"about": "of the milk"}, ["the", "milk"]),
        ({"about": "牛乳"}, ["牛乳"]),
        ({"about": ""}, []),
        ({}, []),
    ],
)
async def test_recall_looks_for_the_words_that_tell(notes: Notes, arguments: dict[str, str], words: list[str]) -> None:
    answer = await Toolbox(remembering_tools(notes)).call(ToolCall("1", "recall", arguments))
    assert notes.asked == [(words, RECALLED)]
    assert answer == {
        "ok": True,
        "remembered": [{"when": "2026-03-01 18:05", "who": "the household", "said": "Buy milk"}],
    }


async def test_forget_that_says_how_much_it_was_and_forgets_nothing_it_does_not_understand(notes: Notes) -> None:
    toolbox = Toolbox(()).with_more(remembering_tools(notes))
    assert await toolbox.call(ToolCall("1", "forget_that", {"what": "Today"})) == {"ok": True, "forgotten_remarks": 3}
    assert "error" in await toolbox.call(ToolCall("2", "forget_that", {"what": "the neighbours"}))
    assert "error" in await toolbox.call(ToolCall("3", "forget_that"))
    assert notes.forgotten == ["today"]


def test_no_two_tools_have_one_name(notes: Notes) -> None:
    tools = remembering_tools(notes)
    assert [tool["name"] for tool in Toolbox(tools).declarations()] == ["recall", "forget_that"]
    with pytest.raises(ValueError, match="recall"):
        Toolbox(tools).with_more(tools)
