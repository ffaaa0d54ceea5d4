"""What timers have others do: act on a device, and tell the household something when it suits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from daemon.abilities.timers.spoken import Book
    from daemon.tools.tool import Answer

ACT_S: Final = 10.0
"""Longest time for a planned action."""
TOLD_AT_ONCE: Final = 5
"""Sentences in one message."""


class Post(Protocol):
    """Has a sentence told when it suits."""

    def __call__(self, text: str, ended: Callable[[], None] | None = None, /) -> object: ...


@dataclass(frozen=True)
class Doings:
    """`act` answers as the tool of that device does, within the same limits; `post` keeps a message until it suits.

    It calls back, if it is told to, when the message was heard, or never will be.
    """

    act: Callable[[str, str], Awaitable[Answer]]
    post: Post
    book: Book
    tell_actions: bool = True

    async def act_and_tell(self, device: str, wanted: str) -> None:
        """Under the limits of now; what came of it is told."""
        try:
            async with asyncio.timeout(ACT_S):
                answer = await self.act(device, wanted)
        except TimeoutError:
            answer = {"error": "it took too long"}
        if "error" in answer:
            self.post(self.book("action_refused", device=device, reason=str(answer["error"])))
        elif self.tell_actions:
            self.post(self.book("action_done", device=device))

    def tell(self, sentences: Mapping[int, str], *, opening: bool, heard: Callable[[Sequence[int]], None]) -> None:
        """In as few messages as can be listened to; with `opening` each says that the device was off.

        `heard` gets the keys of the sentences of each message when it has ended.
        """
        numbers = list(sentences)
        for first in range(0, len(numbers), TOLD_AT_ONCE):
            these = numbers[first : first + TOLD_AT_ONCE]
            told = [sentences[number] for number in these]
            text = " ".join([self.book("while_i_was_off"), *told] if opening else told)
            self.post(text, partial(heard, these))
