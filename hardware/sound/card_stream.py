"""A sound card with a thread of its own: what the microphone and the speaker have in common.

Both lose their card by the same rules, say so, and open it again. Knows no library.
"""

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Generic, Self

from hardware.errors import HardwareError
from hardware.sound.card import Card, P
from hardware.sound.driver_thread import DriverThread

OPEN_DEADLINE_S: Final = 10.0

_log = logging.getLogger(__name__)


class CardStream(Generic[P]):
    """Opens `card` and runs `body` on a thread of its own from the beginning to the end of an `async with` block."""

    def __init__(self, name: str, card: Card[P], body: Callable[[], None]) -> None:
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._name = name
        self._card = card
        self._thread = DriverThread(name, body)

    async def __aenter__(self) -> Self:
        """Raises HardwareError when the card cannot be opened."""
        await self._open_first()
        await self._thread.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._thread.__aexit__(kind, error, trace)

    async def _open_first(self) -> None:
        """Open off the loop, before the stream's own thread exists. Raises HardwareError."""
        try:
            async with asyncio.timeout(OPEN_DEADLINE_S):
                await asyncio.to_thread(self._card.open)
        except TimeoutError:
            raise HardwareError(
                f"the sound card did not open within {OPEN_DEADLINE_S:g} s", fix="unplug it and plug it in again"
            ) from None

    # The stream's own thread

    def _lose(self, error: Exception) -> None:
        """The card failed with `error`: say so, and wait before it is opened again."""
        if self._card.lose(error):
            self._thread.post(lambda: call(self.on_lost))
        self._thread.pause(self._card.next_pause_s())

    def _found(self) -> bool:
        """The card works: say so if it had been lost."""
        back = self._card.found()
        if back:
            self._thread.post(lambda: call(self.on_restored))
        return back

    def _reopen(self) -> None:
        """Open the card that was lost, or closed for another reason."""
        try:
            self._card.open()
        except self._card.failures as error:
            self._lose(error)

    def _note_xrun(self, xruns: int) -> None:
        """Tell the journal of the first, second, fourth, eighth …: a card never served in time must not fill it."""
        if xruns.bit_count() == 1:
            _log.warning("%s: an xrun, some sound was lost (%d so far)", self._name, xruns)


def call(callback: Callable[[], Any] | None) -> None:
    if callback:
        callback()
