"""The handle by which the last conversation can be taken up again, over a lost connection or a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.abilities.memory.forgetting import times_forgotten
from daemon.conversation.messages import HandleIssued, HandleRefused
from daemon.conversation.witness import Witness
from daemon.state.rows import Table, moment, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.messages import SessionMessage
    from daemon.state.store import Store

VALID_S: Final = 2 * 3600.0
"""How long the Gemini API keeps a session after its end (its session management guide, 2026-10)."""


@dataclass(frozen=True)
class _Kept:
    handle: str
    model: str
    issued_at: float


class Resumption(Witness):
    """Keeps the newest handle of `model`.
    `now` is the wall clock in seconds: a handle outlives a restart, and its age with it. One that seems to come from
    the future, after the clock was set back, counts as expired: its age is not known. Nor is one kept of a session
    that was open when something was forgotten on purpose: it would remember.
    """

    def __init__(self, store: Store, model: str, now: Callable[[], float], valid_s: float = VALID_S) -> None:
        self._store = store
        self._model = model
        self._now = now
        self._valid_s = valid_s
        self._kept: _Kept | None = next(iter(store.read(_HANDLES)), None)
        self._forgotten = times_forgotten(store)

    @property
    def handle(self) -> str:
        """To resume with, for a session that opens now; empty if there is none that the service can still know."""
        forgotten = times_forgotten(self._store)
        if forgotten != self._forgotten:
            self._forgotten = forgotten
            self.forget()
        kept = self._kept
        if kept is None or kept.model != self._model or not 0 <= self._now() - kept.issued_at < self._valid_s:
            return ""
        return kept.handle

    @property
    def age_s(self) -> float | None:
        """How long ago the last conversation was heard of, in seconds; None if it cannot be taken up."""
        return self._now() - self._kept.issued_at if self.handle and self._kept else None

    def forget(self) -> None:
        """Begin a new conversation next time."""
        self._kept = None
        self._store.write("DELETE FROM resumption")

    def received(self, message: SessionMessage) -> None:
        match message:
            case HandleIssued(handle):
                self._kept = _Kept(handle, self._model, self._now())
                self._store.write(_KEEP, (self._model, handle, self._kept.issued_at, self._forgotten))
            case HandleRefused():
                self.forget()


def _handle(handle: object, model: object, issued_at: object) -> _Kept:
    return _Kept(word(handle), word(model), moment(issued_at))


_HANDLES: Final = Table("resumption", ("handle", "model", "issued_at"), _handle)
_KEEP: Final = """
    INSERT OR REPLACE INTO resumption SELECT 1, ?1, ?2, ?3
    WHERE (SELECT times FROM forgotten) = ?4
"""
"""Only if nothing was forgotten since the session opened, by this process or another."""
