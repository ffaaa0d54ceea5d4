"""Resumption handles: what of a conversation outlives its connection."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from daemon.offline.service.context import Entry

CAPACITY: Final = 256
"""Handles kept; the oldest goes first."""


@dataclass(frozen=True)
class SavedSession:
    """A conversation at the moment its handle was issued."""

    entries: Sequence[Entry]
    age_s: float
    """How long the session had been connected."""
    expires_at_s: float
    in_use: Callable[[], bool]
    """Whether the connection that got the handle is still open."""


class Handles:
    """Issues handles and finds what they stand for, for `lifetime_s` seconds."""

    def __init__(self, clock: Callable[[], float], lifetime_s: float) -> None:
        self._clock = clock
        self._lifetime_s = lifetime_s
        self._saved: OrderedDict[str, SavedSession] = OrderedDict()

    def issue(self, entries: Sequence[Entry], age_s: float, in_use: Callable[[], bool]) -> str:
        """A handle for the conversation as it is now."""
        handle = str(uuid4())
        self._saved[handle] = SavedSession(tuple(entries), age_s, self._clock() + self._lifetime_s, in_use)
        while len(self._saved) > CAPACITY:
            self._saved.popitem(last=False)
        return handle

    def find(self, handle: str) -> SavedSession | None:
        """What `handle` stands for; None if it was never issued, or too long ago."""
        saved = self._saved.get(handle)
        return saved if saved and saved.expires_at_s > self._clock() else None
