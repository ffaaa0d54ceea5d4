"""What tells that English words were misheard, whatever else they may have been."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from daemon.brain.errands import unusual
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.utterance import Utterance
from daemon.brain.written import normalised, without_courtesies

LEAST_LIKENESS: Final = 0.65
"""Of the letters of a command of the closed grammar to those that were read freely: for "lamp on and fan off" it was
"Lamp on", and "Landconrin, Sanov"."""

_FEW_PERCENT: Final = 10

_LIKE_A_NO: Final = re.compile(r"^(?:then|than|done|dont)\b(?! again)")
"""No order begins so: it was "don't"."""

_PARTS_OF_NAMES: Final = r"(?:whole|new|own|other|hole)"
"""What may be said to something, and stood for "hall" right before a name."""

_ABOUT: Final = r"(?:to|about|of|that|for)"
"""What comes between "remind me" and what of."""


_BEFORE_ORDERS: Final = re.compile(
    r"\b(?:should|would|could|did|does|do|must|need|has|had|was|were|is|are) (?:in|an|and|end|on|un) "
    r"(?:turn|switch|put|set|open|close|start|stop|make|dim|wake|remind|be)\b"
)
"""An "n't" that was torn off: "you should in turn off the heater"."""

_HALVES: Final = re.compile(r"\bthe half (?:minute|hour)s?\b|(?<!and a )\bhalf (?:minutes|hours)\b")
"""Of a duration, of which the whole ones were not heard: "tea in the half minutes" was "two and a half minutes"."""


def misheard(heard: Utterance, meant: Sequence[Sentence], names: Iterable[str]) -> bool:
    """Whether `heard`, which is taken for `meant`, is unlike anything that is said to a house with these `names`."""
    words = normalised(heard.free)
    return bool(
        _LIKE_A_NO.search(words)
        or _HALVES.search(words)
        or _BEFORE_ORDERS.search(words)
        or _has_stray_word(words, names)
        or _is_forced(heard.words, heard.free)
        or any(_is_out_of_place(one, words) for one in meant if one.intent == TimeIntent.SET_REMINDER)
        or any(_is_hardly_lit(one, heard.free) for one in meant if one.intent == Intent.SET_LEVEL)
    )


def _has_stray_word(words: str, names: Iterable[str]) -> bool:
    called = "|".join(re.escape(normalised(name)) for name in names)
    return bool(re.search(rf"\b{_PARTS_OF_NAMES} (?:{called})\b", words))


def _is_forced(words: str, free: str) -> bool:
    """Whether the command has little of what was read freely, or is but a part of it."""
    return SequenceMatcher(None, _letters(words), _letters(free), autojunk=False).ratio() < LEAST_LIKENESS


def _letters(words: str) -> str:
    return without_courtesies(words).replace(" ", "")


def _is_out_of_place(reminder: Sentence, words: str) -> bool:
    """Whether the words to be reminded of follow nothing that leads to them, as in "at eight o'clock the door"; or are
    none of which people are reminded, such as names, and "the games" that were the bins."""
    text = normalised(str(reminder.slots.get("text", "")))
    return bool(unusual(text)) or (text in words and not re.search(rf"\b{_ABOUT} (?:\w+ )?{re.escape(text)}\b", words))


def _is_hardly_lit(level: Sentence, free: str) -> bool:
    """Whether a lamp would be set to a few percent, and none were said: "up to four" was "up to full"."""
    return int(level.slots.get("percent", _FEW_PERCENT)) < _FEW_PERCENT and not re.search(r"%|per ?cent", free.lower())
