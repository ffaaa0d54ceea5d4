"""Written sentences whose slots hold any words: a duration, a name, what to be reminded of.

The automaton of a closed grammar knows each phrase of a slot beforehand; here a slot is a function that reads words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from daemon.brain.recognition.grammar import Sentence, Template, Value, parts_of
from daemon.brain.written import LONGEST_CHARACTERS, normalised, without_courtesies

SlotReader = Callable[[Sequence[str]], Value | None]
"""What words stand for in a slot; None if they do not belong there."""

_LIKENESS: Final = 0.75
_SHORTEST_SLIP: Final = 4
"""Characters of a word that may be written wrongly: of shorter ones another is soon made."""

_Words = tuple[str, ...]
_Filled = Mapping[str, Value]


@dataclass(frozen=True)
class OpenGrammar:
    """Templates, and for each slot what reads it."""

    templates: Sequence[Template]
    slots: Mapping[str, SlotReader]


class OpenReader:
    """Reads sentences of one open grammar; the template that is listed first counts."""

    def __init__(self, grammar: OpenGrammar) -> None:
        self._slots = grammar.slots
        self._templates = [(template.intent, parts_of(template.pattern)) for template in grammar.templates]
        words = (item.split() for _, parts in self._templates for part in parts for item in part)
        self._vocabulary = {word for found in words for word in found}

    def read(self, text: str) -> Sentence | None:
        """The sentence that `text` is, but for case, punctuation and courtesies."""
        return self._read(text, mistyped=False)

    def read_mistyped(self, text: str) -> Sentence | None:
        """The same; fixed words may have slips of the finger."""
        return self._read(text, mistyped=False) or self._read(text, mistyped=True)

    def _read(self, text: str, *, mistyped: bool) -> Sentence | None:
        if len(text) > LONGEST_CHARACTERS:
            return None
        for words in dict.fromkeys((without_courtesies(text), normalised(text))):
            for intent, parts in self._templates:
                for filled in self._fill(parts, tuple(words.split()), {}, mistyped):
                    return Sentence(intent, filled)
        return None

    def _fill(self, parts: Sequence[list[str]], words: _Words, filled: _Filled, mistyped: bool) -> Iterator[_Filled]:
        if not parts:
            if not words:
                yield filled
            return
        for alternative in parts[0]:
            for rest, more in self._pass(alternative.split(), words, filled, mistyped):
                yield from self._fill(parts[1:], rest, more, mistyped)

    def _pass(
        self, items: Sequence[str], words: _Words, filled: _Filled, mistyped: bool
    ) -> Iterator[tuple[_Words, _Filled]]:
        """What is left of `words` after `items`, and the slots that they filled."""
        if not items:
            yield words, filled
        elif items[0].startswith("{"):
            slot = items[0][1:-1]
            for taken in range(1, len(words) + 1):
                if (value := self._slots[slot](words[:taken])) is not None:
                    yield from self._pass(items[1:], words[taken:], {**filled, slot: value}, mistyped)
        elif words and (words[0] == items[0].lower() or (mistyped and self._is_slip(words[0], items[0]))):
            yield from self._pass(items[1:], words[1:], filled, mistyped)

    def _is_slip(self, word: str, meant: str) -> bool:
        if len(word) < _SHORTEST_SLIP or word[0] != meant[0] or word in self._vocabulary or not word.isalpha():
            return False
        if word.endswith(("ed", "ing")) and not meant.endswith(("ed", "ing")):
            return False
        return sorted(word) == sorted(meant) or SequenceMatcher(None, word, meant).ratio() >= _LIKENESS
