"""Models that fall silent after a tool's result, or end a turn without a word, until another input comes.

Each turn is nudged once (docs/decisions/0023-only-a-family-that-is-known-to-fall-silent-is-nudged.md).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from daemon.conversation.events import ReplyComplete

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.messages import SessionMessage

log = logging.getLogger(__name__)


class Silence:
    """Watches one session for silence that its model does not mean."""

    def __init__(self, *, falls_silent: bool, may_end_empty: bool, nudge_after_s: float, nudge: Callable[[], None]):
        """`may_end_empty`: a turn without a word is nothing unusual. `nudge` asks the model to go on."""
        self._falls_silent = falls_silent
        self._may_end_empty = may_end_empty
        self._nudge_after_s = nudge_after_s
        self._nudge = nudge
        self._reacted = self._nudged = 0  # the turns to which the model last did anything, and had to be nudged
        self._waiting: asyncio.TimerHandle | None = None

    @property
    def noticed(self) -> bool:
        """Whether the model will be asked to go on if it does nothing."""
        return self._waiting is not None

    def expect_more(self, turn: int) -> None:
        """The model has all the results it waits for, and should go on soon."""
        self.broken()
        if self._falls_silent:
            self._waiting = asyncio.get_running_loop().call_later(self._nudge_after_s, self.nudge, turn)

    def broken(self, turn: int = 0) -> None:
        """The model does something about `turn`, or nothing is expected of it any more."""
        self._reacted = max(self._reacted, turn)
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def hides(self, report: SessionMessage, turn: int) -> bool:
        """Whether a turn ends without having begun, for the first time, though the model never means that."""
        unmeant = self._falls_silent and not self._may_end_empty
        return unmeant and report == ReplyComplete(turn) and turn > max(self._reacted, self._nudged)

    def nudge(self, turn: int) -> None:
        """Ask it to go on, once for each turn: what does not help then is left to the conversation's deadline."""
        if turn > self._nudged:
            self._nudged = turn
            log.info("the model says nothing: it is asked to go on")
            self._nudge()
