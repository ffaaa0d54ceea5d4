"""What is said without the network: a sentence for each cause of failure and each notice, spoken in advance."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from daemon.conversation.causes import Cause, Notice
from daemon.errors import PipitError
from daemon.sound.packed import packed, unpacked
from daemon.sound.pcm import Samples, silence
from daemon.speech.put_away import PutAway

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from daemon.sentences.book import Book

log = logging.getLogger(__name__)


class Announcements:
    """The sentences as sound. Before `prepare` has come to one, and without a synthesiser, its earcon stands alone."""

    def __init__(self, folder: Path | None = None) -> None:
        """They wait in a file in `folder` (see `PutAway`): for ever, and few are ever heard."""
        self._away = PutAway(folder)
        self._spoken: dict[Cause | Notice, int] = {}

    def __call__(self, cause: Cause | Notice) -> Samples:
        """24 kHz samples, perhaps none."""
        spoken = self._spoken.get(cause)
        if spoken is None:
            return silence(0)
        try:
            return unpacked(self._away.get(spoken))
        except OSError as error:
            log.warning("a failure is told by its tone alone: %s", error)
            return silence(0)

    async def prepare(self, speak: Callable[[str], Awaitable[Samples]], book: Book) -> None:
        """Have every sentence spoken once; a synthesiser that is missing is logged, and missed only by ear."""
        try:
            for cause in (*Cause, *Notice):
                self._spoken[cause] = self._away.put(packed(await speak(book(cause))))
        except PipitError as error:
            log.warning("failures will be told by tones alone: %s", error)
