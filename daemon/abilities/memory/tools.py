"""The tools by which the household asks what is remembered of it, and has it forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field

from daemon.tools.tool import Answer, Tool

RECALLED: Final = 12
"""Remarks in one answer: what a model can sum up aloud."""

Which = Literal["last", "today", "everything"]


@dataclass(frozen=True)
class Remembered:
    """A remark, in words for the model."""

    when: str
    who: str
    said: str


class Keeper(Protocol):
    """Who has what is remembered."""

    async def find(self, words: Sequence[str], limit: int) -> list[Remembered]:
        """The newest remarks with one of `words` in them, or any if there are none; oldest first."""
        ...

    async def forget(self, which: Which) -> int:
        """Remove what was said, for good; how many remarks that were."""
        ...


def remembering_tools(keeper: Keeper) -> list[Tool]:
    """`recall` and `forget_that`."""
    tools = _Remembering(keeper)
    return [Tool.of(tools.recall), Tool.of(tools.forget_that)]


class _Remembering:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def recall(
        self,
        about: Annotated[
            str, Field(description="Words to look for, in the user's language; empty for what was said last.")
        ] = "",
    ) -> Answer:
        """Look up what was said in earlier conversations, when the user asks what you remember."""
        words = about.split()
        telling = [word for word in words if len(word) > 2] or words  # not "of", "in", "to"
        found = await self._keeper.find(telling, RECALLED)
        return {"ok": True, "remembered": [asdict(remark) for remark in found]}

    async def forget_that(
        self,
        what: Annotated[
            Which,
            Field(description="The exchange before this one, what was said since midnight, or all that is remembered."),
        ],
    ) -> Answer:
        """Forget what was said, when the user asks for it. It cannot be undone: if in doubt what is meant, ask."""
        return {"ok": True, "forgotten_remarks": await self._keeper.forget(what)}
