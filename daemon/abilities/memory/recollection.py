"""What was said lately, in memory alone: it seeds a new session where the old one cannot be taken up again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from daemon.abilities.memory.forgetting import times_forgotten
from daemon.abilities.memory.heard import whole_words
from daemon.live.options import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.abilities.memory.said import Said
    from daemon.state.store import Store

REMARKS: Final = 20
CHARACTERS: Final = 6_000
"""In all: some 1,500 tokens, which a new session is billed for."""


class Recollection:
    """The newest remarks that are no older than `valid_s`, the time for which a conversation is taken up again.

    `now` is the wall clock. A remark from the future, after the clock was set back, is not told: its age is not known.
    """

    def __init__(self, store: Store, now: Callable[[], float], valid_s: float) -> None:
        self._store = store
        self._now = now
        self._valid_s = valid_s
        self._said: deque[Said] = deque(maxlen=REMARKS)
        self._forgotten = times_forgotten(store)

    def add(self, said: Said) -> None:
        self._said.append(said)
        while len(self._said) > 1 and sum(len(_told(said)) for said in self._said) > CHARACTERS:
            self._said.popleft()

    def forget(self) -> None:
        self._said.clear()

    def remarks(self) -> Sequence[Remark]:
        """What to tell a session that opens now; nothing if something was forgotten since the one before."""
        forgotten = times_forgotten(self._store)
        if forgotten != self._forgotten:
            self._forgotten = forgotten
            self.forget()
        now = self._now()
        return [_remark(said) for said in self._said if 0 <= now - said.at < self._valid_s]


def _remark(said: Said) -> Remark:
    return Remark("user" if said.speaker == "user" else "model", _told(said))


def _told(said: Said) -> str:
    """As the model is told; what a tool did was the model's doing."""
    text = f"({said.text})" if said.speaker == "tool" else said.text
    return whole_words(text, CHARACTERS)
