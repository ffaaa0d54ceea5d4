"""What a model remembers of a session, what that costs, and what is forgotten when it gets too much. No I/O."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.brain.brain import Remark
from daemon.offline.service.token_counts import Tokens, of_text
from daemon.offline.wire.client_messages import Compression
from daemon.offline.wire.mapping import INVALID_PAYLOAD, WireError

REMEMBERED_REMARKS: Final = 400
"""How many remarks of a conversation are kept; the oldest go first."""

TRIGGER_SHARE: Final = 0.8
"""Of the window, where a client sets no trigger (Live API reference); the target is half the trigger."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A remark and its cost. Its text is empty where speech was not transcribed: it costs all the same."""

    remark: Remark
    tokens: Tokens
    unanswered: bool = False
    """Written by the client as something to answer: part of the question until something else was said."""


class Context:
    """The system instruction and what was said since, oldest first."""

    def __init__(self, window_tokens: int, compression: Compression | None, entries: Iterable[Entry] = ()) -> None:
        """`entries` is what a resumed session remembers."""
        self._window_tokens = window_tokens
        self._compression = compression
        self._instruction = Tokens()
        self._entries: deque[Entry] = deque(entries, maxlen=REMEMBERED_REMARKS)

    @property
    def entries(self) -> Sequence[Entry]:
        return tuple(self._entries)

    @property
    def remarks(self) -> Sequence[Remark]:
        """What was said, as far as there are words for it."""
        return tuple(entry.remark for entry in self._entries if entry.remark.text)

    @property
    def ends_with_the_user(self) -> bool:
        return bool(self._entries) and self._entries[-1].remark.role == "user"

    @property
    def tokens(self) -> Tokens:
        return sum((entry.tokens for entry in self._entries), self._instruction)

    def instruct(self, instruction: str) -> None:
        """The system instruction from now on; it is never forgotten."""
        self._instruction = of_text(instruction)

    def tell(self, remarks: Iterable[Remark], *, asked: bool) -> None:
        """Add what the client writes. With `asked` the user's last remarks wait to be put to the model."""
        self._entries.extend(Entry(remark, of_text(remark.text), asked) for remark in remarks)

    def question(self, *, of_history: bool = False) -> str:
        """Take the user's last written remarks back: together they are what the model is asked.

        With `of_history` also those that were told as something said before.
        """
        asked: list[str] = []
        while self._entries and self._entries[-1].remark.role == "user":
            if not (of_history or self._entries[-1].unanswered):
                break
            asked.insert(0, self._entries.pop().remark.text)
        return "\n".join(asked)

    def add(self, remark: Remark, tokens: Tokens) -> None:
        """Something was said; nothing if it is neither words nor sound."""
        if remark.text or tokens.total:
            self._entries.append(Entry(remark, tokens))

    def make_room(self, coming: Tokens) -> None:
        """Forget what has to be forgotten before `coming` is put to the model.

        Raises WireError if the context is full and the client asked for no compression. Which words the service then
        closes with is not public, only the code (livekit/agents-js PR#1841); these are its HTTP API's.
        """
        total = (self.tokens + coming).total
        if self._compression is None:
            if total > self._window_tokens:
                raise WireError(
                    INVALID_PAYLOAD,
                    f"The input token count ({total}) exceeds the maximum number of tokens allowed "
                    f"({self._window_tokens}).",
                )
            return
        trigger = self._compression.trigger_tokens or round(self._window_tokens * TRIGGER_SHARE)
        if total > trigger:
            self._slide(self._compression.target_tokens or trigger // 2, coming)

    def _slide(self, target: int, coming: Tokens) -> None:
        """Drop the oldest until `target` is kept, and the window starts at a turn of the user (Live API reference)."""
        total = (self.tokens + coming).total
        while self._entries and (total > target or self._entries[0].remark.role != "user"):
            total -= self._entries.popleft().tokens.total
