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
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.utterance import Utterance
from daemon.brain.written import normalised

_FORBIDS: Final = frozenset((Doubt.NEGATED, Doubt.CORRECTED))
"""What was nearly a no. A form of the past is too near to every order to count: "turn", "turned"."""

_Meanings = Sequence[tuple[Sentence, ...]]


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
        if any(self._forbids(text, heard) for text in others.values()) or self._runs_on(heard):
            return True
        meant = self._meanings(heard.words)
        return any(self._differ(meant, self._meanings(text)) for text in others.values())

    def _does(self, heard: Utterance) -> bool:
        found = understood(heard.words, self.able, self.lexicon, self.earlier).sentences
        return any(one.intent in DOING for one in (*found, *filter(None, [heard.sentence])))

    def _forbids(self, text: str, heard: Utterance) -> bool:
        if self.lexicon.language == "en" and takes_back(heard.words):
            return False  # "I can't hear you" is one itself
        english = heard.sentence is not None and takes_back(text)
        return english or understood(text, self.able, self.lexicon, self.earlier).doubt in _FORBIDS

    def _runs_on(self, heard: Utterance) -> bool:
        """Whether more was said than is understood: between two names nothing that joins them, or a word that may be
        "no", as in "the lamp, now, the heater"; or such a word beside a whole command."""
        free = heard.free or heard.words
        kinds = [mark.kind for mark in marked(free, spoken_of(self.able), self.lexicon)]
        places = [place for place, kind in enumerate(kinds) if kind == "name"]
        between = [set(kinds[first + 1 : second]) - {"filler"} for first, second in pairwise(places)]
        said, read = normalised(free).split(), normalised(heard.words).split()
        longer = len(said) > len(read) and "".join(said) != "".join(read)  # "the past a timer" is no more than it
        return (longer and "" in kinds) or any(not joint or "" in joint for joint in between)

    @staticmethod
    def _differ(meant: _Meanings, other: _Meanings) -> bool:
        """As one way of reading or another has it: what differs between two ways says nothing."""
        pairs = zip(meant, other, strict=True)
        return any(first and second and first != second and not _says_less(first, second) for first, second in pairs)

    def _meanings(self, text: str) -> _Meanings:
        read = OpenReader(transcribed(self.able)).read(text) if self.lexicon.language == "en" else None
        found = understood(text, self.able, self.lexicon, self.earlier).sentences
        return [tuple(_without_names(one) for one in sentences) for sentences in ([read] if read else [], found)]


def _says_less(first: Sequence[Sentence], other: Sequence[Sentence]) -> bool:
    """Whether `other` asks for the same without a part of it, such as the time: that part was then misheard there."""
    if any(one.intent == TimeIntent.NO_TIME for one in other):
        return True
    return len(first) == len(other) and all(
        one.intent == two.intent and one.slots.keys() > two.slots.keys() for one, two in zip(first, other, strict=True)
    )


def _without_names(sentence: Sentence) -> Sentence:
    """A timer may be called anything; which one is meant is looked up."""
    return Sentence(
        sentence.intent, {slot: value for slot, value in sentence.slots.items() if slot not in ("name", "like")}
    )
