"""The tool calls that await an answer, and the speech that waits for them.

Audio during a call that the model waits for cancels it, or ends the session with 1008 (livekit/agents PR#5556,
autonomous-os #231).
"""

import asyncio
import logging
from collections.abc import Iterable

from daemon.conversation.rules import LONGEST_TOOL_S
from daemon.conversation.tool_call import ToolCall

log = logging.getLogger(__name__)


class OwedCalls:
    """The calls of one session, by their ids; of calls that have one id, one runs and the others wait to be refused."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._repeated: dict[str, list[ToolCall]] = {}
        self._leaving = 0  # answers that are on their way
        self._free = asyncio.Event()  # no call is unanswered that the model waits for
        self._free.set()
        self._held_until = 0.0  # … or should be by this time of the loop

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._ids

    def __bool__(self) -> bool:
        return bool(self._ids)

    def __len__(self) -> int:
        """The calls whose answer has not left."""
        return len(self._ids) + self._leaving + sum(map(len, self._repeated.values()))

    def requested(self, call_id: str, *, awaited: bool) -> None:
        """The model calls, and if it is `awaited` does nothing else until it is answered."""
        self._ids.add(call_id)
        if awaited:
            self._free.clear()
            self._held_until = asyncio.get_running_loop().time() + LONGEST_TOOL_S

    def repeated(self, call: ToolCall) -> None:
        """It has the id of a call that is owed an answer: only after that one can this be refused."""
        self._repeated.setdefault(call.id, []).append(call)

    def settled(self, call_id: str) -> list[ToolCall]:
        """An answer is on its way; speech still waits until `sent`. Returns the calls that had its id."""
        self._ids.discard(call_id)
        self._leaving += 1
        return self._repeated.pop(call_id, [])

    def refused(self) -> None:
        """A refusal is on its way, of any number of calls."""
        self._leaving += 1

    def cancelled(self, call_ids: Iterable[str]) -> None:
        """Nobody wants these answers any more."""
        for call_id in call_ids:
            self._ids.discard(call_id)
            self._repeated.pop(call_id, None)
        self._free_if_none()

    def sent(self) -> None:
        """An answer has left: if it was the last that is owed, speech may follow."""
        self._leaving -= 1
        self._free_if_none()

    def _free_if_none(self) -> None:
        if not len(self):
            self._free.set()

    async def until_free(self) -> None:
        """Wait while the model waits, but for no longer than a tool can take.

        Nothing is lost by it: the ring keeps what is said meanwhile. A user who interrupts does not wait for it: the
        conversation then has the call stopped and answered at once.
        """
        try:
            async with asyncio.timeout_at(self._held_until):
                await self._free.wait()
        except TimeoutError:
            log.warning("a tool call is still unanswered after %g s: speech is sent all the same", LONGEST_TOOL_S)
            self._free.set()
