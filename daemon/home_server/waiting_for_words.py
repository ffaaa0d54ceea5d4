"""How long the server that thinks may keep a household waiting; what only keeps the line open is no word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")


class OutOfPatience(Exception):
    """It was waited for long enough; in words."""


class Patience:
    """`word_s` for each word, `answer_s` for all; time that passes between the waits is nobody's."""

    def __init__(self, word_s: float, answer_s: float) -> None:
        self._word_s = self._left_word_s = word_s
        self._answer_s = self._left_s = answer_s

    async def wait(self, what: Awaitable[T]) -> T:
        """Raises OutOfPatience."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(min(self._left_word_s, self._left_s)):
                return await what
        except TimeoutError:
            if self._left_s < self._left_word_s:
                raise OutOfPatience(f"took longer than {self._answer_s:g} s") from None
            raise OutOfPatience(f"said nothing for {self._word_s:g} s") from None
        finally:
            waited = loop.time() - began
            self._left_word_s, self._left_s = self._left_word_s - waited, self._left_s - waited

    def heard_a_word(self) -> None:
        self._left_word_s = self._word_s
