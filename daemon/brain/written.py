"""Sentences of a grammar found in written words: what was typed, or a free transcript."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from daemon.brain.recognition.grammar import Automaton, Grammar, Sentence

_LIKENESS: Final = 0.75
"""Of difflib's ratio: "lmp" is "lamp" (0.86); "ramp" would be too (0.75), so the first letter must be right."""

_WAKE_WORDS: Final = re.compile(r"^(hey |ok(ay)? )?(jarvis|alexa|mycroft|rhasspy|pipit)\b")
_WORD: Final = re.compile(r"\d+\s?%|[^\W_]+(?:['’]\w+)?")
_BEFORE: Final = re.compile(r"^(?:(?:please|(?:can|could|would|will) you|kindly|just|now|ok|okay|so|the) )+")
_AFTER: Final = re.compile(r"(?: (?:please|now|right now|at once|immediately|for me|for us|thanks|thank you|pipit))+$")
_DECIMAL: Final = re.compile(r"(?<=\d)[.,](?=\d)")
_NEGATIVE: Final = re.compile(r"(?<![\w.,])[-−](?=\s?\d)")
_AS_IT_IS: Final = re.compile(
    r".*\d.*|no|not|nor|(?:turn|switch|dim|set|toggle|ring|pulse|flash|put)(?:n|m|t)?(?:e?s|e?d|ing)"
)
"""Words that are never a slip: another number is another number, and what was turned on is not to be turned on."""

LONGEST_CHARACTERS: Final = 400
"""Of what is read at all; a sentence that someone says to an appliance is shorter."""


class Reader:
    """Reads written sentences of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        self._vocabulary = grammar.vocabulary()
        self._automaton: Automaton[str] = Automaton(grammar, lambda word, _opens: normalised(word).split())

    def read(self, text: str) -> Sentence | None:
        """The sentence that `text` is, letter for letter but for case and punctuation."""
        return self._automaton.walk(normalised(text).split())

    def read_mistyped(self, text: str) -> Sentence | None:
        """The sentence that `text` is, with each word that the grammar does not have read as the most similar one."""
        if len(text) > LONGEST_CHARACTERS:
            return None
        words = normalised(text).split()
        return self._automaton.walk(words) or self._automaton.walk(self._corrected(words))

    def _corrected(self, words: list[str]) -> Iterator[str]:
        for word in words:
            yield word if word in self._vocabulary else self._most_similar(word)

    def _most_similar(self, word: str) -> str:
        if _AS_IT_IS.fullmatch(word):
            return word
        candidates = sorted(known for known in self._vocabulary if known[0] == word[0])
        swapped = [known for known in candidates if sorted(known) == sorted(word)]
        return next(iter(swapped or get_close_matches(word, candidates, 1, _LIKENESS)), word)


def normalised(text: str) -> str:
    """Lower-case words with single spaces; no punctuation and no wake word before them."""
    plain = unicodedata.normalize("NFKC", text).lower().strip().replace("’", "'")
    lowered = _WAKE_WORDS.sub("", _DECIMAL.sub(" point ", _NEGATIVE.sub("minus ", plain)))
    return " ".join(word.replace(" ", "") for word in _WORD.findall(lowered))


def without_courtesies(text: str) -> str:
    """The normalised words of `text` without what is said before and after a command out of politeness."""
    words = normalised(text)
    return _AFTER.sub("", _BEFORE.sub("", words)) or words
