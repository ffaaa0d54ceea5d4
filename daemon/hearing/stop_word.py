"""The stop word: what was said shortly while something rings or is said, written down: is it "stop"?

There is no network that hears this word alone; the recogniser of the brain at home reads what voice activity has cut.
Where what was played says it at that moment, nobody else did.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from daemon.hearing.short_utterances import BEFORE_SAMPLES
from daemon.sound.pcm import ms_of_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from daemon.hearing.own_words import Played
    from daemon.hearing.short_utterances import ShortUtterance
    from daemon.sound.pcm import Samples

STOPS: Final = frozenset(
    (
        *("stop", "stop it", "stop that", "stop now", "please stop", "stop please", "okay stop", "ok stop"),
        *("quiet", "be quiet", "quiet please", "please be quiet", "cancel", "cancel it"),
    )
)
"""As the recogniser writes them, without marks."""
TELLING: Final = frozenset(("stop", "stopped", "stops", "top", "quiet", "cancel", "enough", "shut"))
"""One of these in what was played, and it may have been that; a fragment of a sentence is not read well."""

log = logging.getLogger(__name__)


class Reader(Protocol):
    """What `daemon.at_home.making.AtHome` does."""

    @property
    def loaded(self) -> bool: ...

    async def prepare(self) -> None: ...

    async def words(self, samples: Samples) -> str:
        """What was said, 16 kHz; empty where nobody can tell."""
        ...


class StopWord:
    """In the loop's thread. One utterance is read at a time; what is said meanwhile is not."""

    def __init__(self, reader: Reader, played: Played | None, *, over_replies: bool) -> None:
        """`over_replies`: the echo of a reply is taken out, so that what is said over it can be heard."""
        self._reader = reader
        self._played = played
        self._over_replies = over_replies and played is not None
        self._reading = False
        self.refused = 0

    def wanted(self, *, ringing: bool, replying: bool) -> bool:
        """Whether to listen for it now: something rings, or a reply or a message is played.

        A reply is too short a time to load the reader for.
        """
        return ringing or (replying and self._over_replies and self._reader.loaded)

    def prepare(self) -> Coroutine[Any, Any, None] | None:
        """What is to be done before it can be heard, if anything."""
        return None if self._reader.loaded else self._reader.prepare()

    def reads(
        self, said: ShortUtterance, samples: Samples, heard: Callable[[int], None]
    ) -> Coroutine[Any, Any, None] | None:
        """Look whether `samples`, which end with the utterance, are it; `heard` gets its end. None while it is busy."""
        if self._reading:
            return None
        self._reading = True
        return self._read(said, samples, self._own(said), heard)

    async def _read(
        self, said: ShortUtterance, samples: Samples, own: Samples | None, heard: Callable[[int], None]
    ) -> None:
        try:
            if not is_stop(await self._reader.words(samples)):
                log.debug(
                    "something short was said, %d ms, and was not the stop word", ms_of_samples(said.end - said.begin)
                )
            elif own is not None and speaks_of_stopping(await self._reader.words(own)):
                self.refused += 1
                log.info("the stop word was our own: it is in what was played")
            else:
                log.info("stop word")
                heard(said.end)
        finally:
            self._reading = False

    def _own(self, said: ShortUtterance) -> Samples | None:
        """What was played at that time, if anything was. It is not kept for long, so it is fetched at once."""
        if not self._played or not self._played.sounds_at(said.begin):
            return None
        begin = said.begin - BEFORE_SAMPLES
        played, _ = self._played.read(begin, said.heard_to - begin, early=0)
        return played if played.any() else None


def is_stop(text: str) -> bool:
    """Whether that is the stop word, and nothing else; said twice or more, too."""
    words = _words(text)
    lengths = [length for length in range(1, len(words) + 1) if words == words[:length] * (len(words) // length)]
    return any(" ".join(words[:length]) in STOPS for length in lengths)


def speaks_of_stopping(text: str) -> bool:
    """Whether a piece of what was played may be taken for it."""
    return not TELLING.isdisjoint(_words(text))


def _words(text: str) -> list[str]:
    return "".join(letter for letter in text.lower() if letter.isalpha() or letter == " ").split()
