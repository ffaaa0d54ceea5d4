"""How much of a reply's text was heard, when the speaker fell silent in mid-reply.

The service says what it says in writing, but not when: text and sound come in pieces of their own, the text sometimes
all at once. So the text is cut in proportion to the sound, and never longer than anyone could have spoken it.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Final

from daemon.sound.pcm import REPLY_RATE_HZ

FASTEST_LETTERS_PER_S: Final = 25.0
"""Lively speech has some 15 letters a second; the service's voices were not heard to exceed 20."""


def heard_part(text: str, heard_samples: int, received_samples: int) -> str:
    """The beginning of `text` that was heard, down to a whole word; both counts are of 24 kHz samples.

    Empty if no sound of it was heard. Of writing without spaces each character counts as a word.
    """
    if heard_samples <= 0 or received_samples <= 0:
        return ""
    share = min(1.0, heard_samples / received_samples)
    spoken = heard_samples / REPLY_RATE_HZ * FASTEST_LETTERS_PER_S
    return whole_words(text, math.floor(min(len(text) * share, spoken)))


def whole_words(text: str, length: int) -> str:
    """The longest beginning of `text` with at most `length` characters that does not end within a word."""
    end = min(length, len(text))
    while 0 < end < len(text) and _within_a_word(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip()


def _within_a_word(before: str, after: str) -> bool:
    """Whether the two belong together: neither is space, nor a character that is a word by itself."""
    return not (before.isspace() or after.isspace() or _stands_alone(before) or _stands_alone(after))


def _stands_alone(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}
