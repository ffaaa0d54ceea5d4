"""Sentences of a grammar found in written words: what was typed, or a free transcript."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from daemon.offline.grammar import Automaton, Grammar, Sentence

_LIKENESS: Final = 0.75
"""Of difflib's ratio: "lmp" is "lamp" (0.86); "ramp" would be too (0.75), so the first letter must be right."""

_WAKE_WORDS: Final = re.compile(r"^(hey |ok(ay)? )?(jarvis|alexa|mycroft|rhasspy|pipit)\b")
_WORD: Final = re.compile(r"\d+\s?%|[^\W_]+(?:['’]\w+)?")

_UNKNOWN_DEVICE: Final = re.compile(
    r"^(?:please )?(?:turn|switch)(?:ed)? "
    r"(?:(?:on|off) (?:the |my )?(?P<after>[\w ]+?)|(?:the |my )?(?P<before>[\w ]+?) (?:on|off))(?: please)?$"
)
_FORBIDDEN: Final = re.compile(r"\b(?:don't|do not|never|not)\b")


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
        return self.read(text) or self._automaton.walk(self._corrected(normalised(text).split()))

    def _corrected(self, words: list[str]) -> Iterator[str]:
        for word in words:
            yield word if word in self._vocabulary else self._most_similar(word)

    def _most_similar(self, word: str) -> str:
        candidates = sorted(known for known in self._vocabulary if known[0] == word[0])
        swapped = [known for known in candidates if sorted(known) == sorted(word)]
        return next(iter(swapped or get_close_matches(word, candidates, 1, _LIKENESS)), word)


def normalised(text: str) -> str:
    """Lower-case words with single spaces; no punctuation and no wake word before them."""
    lowered = _WAKE_WORDS.sub("", unicodedata.normalize("NFKC", text).lower().strip().replace("’", "'"))
    return " ".join(word.replace(" ", "") for word in _WORD.findall(lowered))


def unknown_device(text: str) -> str:
    """What someone asked to turn on or off in `text`; "" if it was nothing of the kind."""
    found = _UNKNOWN_DEVICE.match(normalised(text))
    return (found["after"] or found["before"]) if found else ""


def forbids(text: str) -> bool:
    """Whether `text` says not to do something: then nothing is done, whatever else was understood."""
    return bool(_FORBIDDEN.search(normalised(text)))
