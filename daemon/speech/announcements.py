"""What is said without the network: a sentence for each cause of failure and each notice, spoken in advance."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from daemon.conversation.causes import Cause, Notice
from daemon.errors import PipitError
from daemon.sound.packed import packed, unpacked
from daemon.sound.pcm import Samples, silence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from daemon.sentences.book import Book

log = logging.getLogger(__name__)


class Announcements:
    """The sentences as sound. Before `prepare` has come to one, and without a synthesiser, its earcon stands alone."""

    def __init__(self) -> None:
        self._spoken: dict[Cause | Notice, bytes] = {}  # packed: they wait for ever, and few are ever heard

    def __call__(self, cause: Cause | Notice) -> Samples:
        """24 kHz samples, perhaps none."""
        spoken = self._spoken.get(cause)
        return silence(0) if spoken is None else unpacked(spoken)

    async def prepare(self, speak: Callable[[str], Awaitable[Samples]], book: Book) -> None:
        """Have every sentence spoken once; a synthesiser that is missing is logged, and missed only by ear."""
        try:
            for cause in (*Cause, *Notice):
                self._spoken[cause] = packed(await speak(book(cause)))
        except PipitError as error:
            log.warning("failures will be told by tones alone: %s", error)
