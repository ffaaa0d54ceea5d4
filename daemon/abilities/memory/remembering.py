"""All that the appliance remembers of a conversation, put together from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.abilities.memory.forgetting import EVERYTHING, LAST_EXCHANGE, since
from daemon.abilities.memory.history import History
from daemon.abilities.memory.recollection import REMARKS, Recollection
from daemon.abilities.memory.resumption import Resumption
from daemon.abilities.memory.tools import Remembered, remembering_tools
from daemon.abilities.memory.transcript import Transcript
from daemon.abilities.memory.when import midnight, shown_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.abilities.memory.said import Said
    from daemon.abilities.memory.settings import HistorySettings
    from daemon.abilities.memory.tools import Which
    from daemon.live.settings import ContextSettings
    from daemon.state.store import Store
    from daemon.tools.tool import Tool

UNMENTIONED: Final = frozenset({"recall", "forget_that"})
"""What is remembered of remembering would be remembered twice, or after it was forgotten."""


@dataclass(frozen=True)
class Memory:
    """What looks on while the household talks, and what a session that opens now is told of it."""

    resumption: Resumption
    recollection: Recollection
    transcript: Transcript
    history: History
    tools: Sequence[Tool] = ()


def memory_of(
    kept: HistorySettings, context: ContextSettings, whom: str, store: Store, now: Callable[[], float]
) -> Memory:
    """As `[history]` and `[live.context]` say. `now` is the wall clock in seconds.

    A conversation with `whom` is taken up again with nobody else.
    """
    valid_s = 3600 * context.resume_h
    history = History(store, now, kept.days)
    recollection = Recollection(store, now, valid_s)
    sinks = [recollection.add]
    if kept.keep:
        sinks.append(history.add)
        for said in history.newest(REMARKS):
            recollection.add(said)
    transcript = Transcript(now, sinks, unmentioned=UNMENTIONED)
    resumption = Resumption(store, whom, now, valid_s)
    keeper = _Keeper(history, recollection, transcript, now)
    tools = remembering_tools(keeper) if kept.tools else ()
    return Memory(resumption, recollection, transcript, history, tools)


@dataclass(frozen=True)
class _Keeper:
    """What the tools may do; see `daemon.abilities.memory.tools`."""

    history: History
    recollection: Recollection
    transcript: Transcript
    now: Callable[[], float]

    async def find(self, words: Sequence[str], limit: int) -> list[Remembered]:
        return [_remembered(said) for said in await self.history.find(words, limit)]

    async def forget(self, which: Which) -> int:
        """Also what was just said, for it names what is to be forgotten."""
        self.transcript.drop_turn()
        self.recollection.forget()
        selection = {"last": LAST_EXCHANGE, "everything": EVERYTHING, "today": since(midnight(self.now()))}[which]
        return await self.history.forget(selection)


def _remembered(said: Said) -> Remembered:
    who = {"user": "the household", "model": "you", "tool": "a tool of yours"}[said.speaker]
    return Remembered(shown_time(said.at), who, said.text)
