"""What Pipit says by itself: the sentences of the household's language, and the best voice for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.sentences.book import Book
from daemon.speech.best_voice import best_voice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from daemon.sound.pcm import Samples


@dataclass(frozen=True)
class OwnVoice:
    book: Book
    speak: Callable[[str], Awaitable[Samples]]
    """24 kHz samples of a sentence; raises ModelFileError."""


def own_voice(language: str) -> OwnVoice:
    """That of `language`, a BCP 47 tag, or of English where there are no sentences in it. Reads files."""
    book = Book.of(language)
    return OwnVoice(book, best_voice(book.language).speak)
