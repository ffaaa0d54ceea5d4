"""Conversations over several runs: the handle of the last one, kept for the user alone, with its age.

By default a run begins anew: whoever types a question does not expect to pay for yesterday's again. The handle of the
run before stays until this one gets its own, so that a hint at `--resume` is still true when it is read.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Literal

from daemon.conversation.messages import HandleIssued
from daemon.conversation.witness import Witness
from daemon.own_folder import own_state
from daemon.state.store import StateError, Store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daemon.abilities.memory.resumption import Resumption
    from daemon.conversation.messages import SessionMessage

FILE: Final = "chat.db"
"""Beside, not in, the state of the service, which belongs to another user."""

How = Literal["resume", "new", ""]
"""Take up the last conversation, begin anew and forget it, or begin anew and say that it could be taken up."""

log = logging.getLogger(__name__)


class Continuity(Witness):
    """Which conversation a session that opens now takes up; keeps the newest handle as a witness of the line."""

    def __init__(self, resumption: Resumption, how: How = "") -> None:
        self._resumption = resumption
        self._ours = how == "resume"  # what is kept is of this conversation
        self.hint = _hint(resumption.age_s, how)
        """What to tell the user at the start; may be empty."""
        if how == "new":
            resumption.forget()

    @property
    def handle(self) -> str:
        return self._resumption.handle if self._ours else ""

    def received(self, message: SessionMessage) -> None:
        if isinstance(message, HandleIssued):
            self._ours = True
        self._resumption.received(message)


def open_state(environ: Mapping[str, str]) -> Store:
    """In the user's state folder; where that cannot be written, for this run alone, which is logged."""
    path = state_file(environ)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store(path)
    except (OSError, StateError) as error:
        log.warning("this conversation cannot be taken up later: %s", error)
        return Store()


def state_file(environ: Mapping[str, str]) -> Path:
    """That of the user who chats."""
    return own_state(environ) / "pipit" / FILE


def _hint(age_s: float | None, how: How) -> str:
    if age_s is None:
        return "there is no conversation to take up: a new one begins" if how == "resume" else ""
    if how == "resume":
        return f"takes up the conversation of {_ago(age_s)}"
    return "" if how == "new" else f"a new conversation; --resume takes up that of {_ago(age_s)}"


def _ago(age_s: float) -> str:
    minutes = round(age_s / 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes / 60:.0f} h ago"
