"""Whether what was nearly heard means something else than what was heard: then it is read back, and not done.

What is compared is what would be done. Other words that come to the same, or make no sense, say nothing against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from daemon.brain.abilities import Abilities
from daemon.brain.lexicon import Lexicon
from daemon.brain.marking import marked
from daemon.brain.objections import takes_back
from daemon.brain.open_reader import OpenReader
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.repertoire import DOING, transcribed
from daemon.brain.sentences_in import Doubt, spoken_of, understood
from daemon.brain.utterance import Utterance
from daemon.brain.written import normalised

_FORBIDS: Final = frozenset((Doubt.NEGATED, Doubt.CORRECTED))
"""What was nearly a no. A form of the past is too near to every order to count: "turn", "turned"."""


@dataclass(frozen=True)
class SecondThoughts:
    """On what is heard in one language by who can do certain things; `earlier` is what was named before."""

    able: Abilities
    lexicon: Lexicon
    earlier: Sequence[str] = ()

    def on(self, heard: Utterance) -> bool:
        """Whether something would be done that one of the other texts forbids, or that it has otherwise."""
        others = {normalised(text): text for text in heard.others}
        others.pop(normalised(heard.words), None)
        if not self._does(heard):
            return False
        if any(self._forbids(text, heard.sentence) for text in others.values()) or self._runs_on(heard):
            return True
        if heard.sentence is not None and "text" not in heard.sentence.slots:
            return False  # the closed grammar has weighed its sentences against each other
        return any(self._differ(heard.words, text) for text in others.values())

    def _does(self, heard: Utterance) -> bool:
        found = understood(heard.words, self.able, self.lexicon, self.earlier).sentences
        return any(one.intent in DOING for one in (*found, *filter(None, [heard.sentence])))

    def _forbids(self, text: str, sentence: Sentence | None) -> bool:
        english = sentence is not None and takes_back(text)
        return english or understood(text, self.able, self.lexicon, self.earlier).doubt in _FORBIDS

    def _runs_on(self, heard: Utterance) -> bool:
        """Whether two names were said with a word between them that is no "and": "the lamp, now, the heater"."""
        free = heard.free or heard.words
        kinds = [mark.kind for mark in marked(free, spoken_of(self.able), self.lexicon) if mark.kind != "filler"]
        return ("name", "name") in pairwise(kinds)

    def _differ(self, text: str, other: str) -> bool:
        """As one way of reading or another has it: what differs between two ways says nothing."""
        pairs = zip(self._meanings(text), self._meanings(other), strict=True)
        return any(first and second and first != second for first, second in pairs)

    def _meanings(self, text: str) -> Sequence[tuple[Sentence, ...]]:
        read = OpenReader(transcribed(self.able)).read(text) if self.lexicon.language == "en" else None
        return (read,) if read else (), understood(text, self.able, self.lexicon, self.earlier).sentences
