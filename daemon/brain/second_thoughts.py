"""Whether what was nearly heard means something else than what was heard: then it is read back, and not done.

What is compared is what would be done. Other words that come to the same, or make no sense, say nothing against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from daemon.brain.abilities import Abilities
from daemon.brain.errands import told_apart, unusual
from daemon.brain.lexicon import Lexicon
from daemon.brain.marking import marked
from daemon.brain.misheard import misheard
from daemon.brain.objections import takes_back
from daemon.brain.open_reader import OpenReader
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.recognition.mistakable import has_counterpart, numbers_in
from daemon.brain.repertoire import DOING, SEEN_AT_ONCE, transcribed
from daemon.brain.sentences_in import Doubt, spoken_of, understood
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.utterance import Utterance
from daemon.brain.written import normalised, without_courtesies

_FORBIDS: Final = frozenset((Doubt.NEGATED, Doubt.CORRECTED))
"""What was nearly a no. A form of the past is too near to every order to count: "turn", "turned"."""


class Depends(Enum):
    """What depends on having heard well."""

    SEEN = auto()
    """What is seen or heard at once, and undone by another word."""

    LASTING = auto()
    """What may go on unseen until it is too late."""


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
        meant = self._sentences(heard)
        if not any(one.intent in DOING for one in meant):
            return False
        if any(self._forbids(text, heard) for text in others.values()) or self._runs_on(heard):
            return True
        if any(has_counterpart(heard.free, other) for other in heard.others):
            return True  # though the rest of what was read freely may make no sense
        if heard.free and (misheard(heard, meant, spoken_of(self.able)) or _at_another_time(heard, meant)):
            return True
        meanings = self._meanings(heard.words)
        return any(self._differ(meanings, self._meanings(text)) for text in others.values())

    def depends(self, heard: Utterance) -> Depends | None:
        """What of it would be done, the worst first; None if nothing."""
        done = {one.intent for one in self._sentences(heard)} & DOING
        return (Depends.SEEN if done <= SEEN_AT_ONCE else Depends.LASTING) if done else None

    def _sentences(self, heard: Utterance) -> Sequence[Sentence]:
        found = understood(heard.words, self.able, self.lexicon, self.earlier).sentences
        return (*found, *filter(None, [heard.sentence]))

    def _forbids(self, text: str, heard: Utterance) -> bool:
        if self.lexicon.language == "en" and takes_back(heard.words):
            return False  # "I can't hear you" is one itself
        english = heard.sentence is not None and takes_back(text)
        return english or understood(text, self.able, self.lexicon, self.earlier).doubt in _FORBIDS

    def _runs_on(self, heard: Utterance) -> bool:
        """Whether more was said than is understood: between two names nothing that joins them, or a word that may be
        "no", as in "the lamp, now, the heater"; or such a word beside a whole command."""
        free = heard.free or heard.words
        marks = marked(free, spoken_of(self.able), self.lexicon)
        places = [place for place, mark in enumerate(marks) if mark.kind == "name"]
        between = [{mark.kind for mark in marks[first + 1 : second]} - {"filler"} for first, second in pairwise(places)]
        said, read = without_courtesies(free).split(), without_courtesies(heard.words).split()
        longer = len(said) > len(read) and "".join(said) != "".join(read)  # "the past a timer" is no more than it
        stray = any(not mark.kind and mark.plain not in read for mark in marks)
        return (longer and stray) or any(not joint or "" in joint for joint in between)

    @staticmethod
    def _differ(meant: _Meanings, other: _Meanings) -> bool:
        """As one way of reading or another has it: what differs between two ways says nothing."""
        pairs = zip(meant, other, strict=True)
        return any(
            first and second and first != second and not _is_less_likely(first, second) for first, second in pairs
        )

    def _meanings(self, text: str) -> _Meanings:
        read = OpenReader(transcribed(self.able)).read(text) if self.lexicon.language == "en" else None
        found = understood(text, self.able, self.lexicon, self.earlier).sentences
        return [tuple(_without_names(one) for one in sentences) for sentences in ([read] if read else [], found)]


def _at_another_time(heard: Utterance, meant: Sequence[Sentence]) -> bool:
    """Whether an alarm is set, and another number was nearly heard, though nothing that makes sense: a part of its
    time was not heard, and nobody is there to see that it will ring at another."""
    if all(one.intent != TimeIntent.SET_ALARM for one in meant):
        return False
    said, others = numbers_in(heard.free), map(numbers_in, heard.others)
    return any(said - other and other - said for other in others)  # one more is often a "for" or a "to"


def _is_less_likely(first: Sequence[Sentence], other: Sequence[Sentence]) -> bool:
    """Whether `other` is a mishearing of `first`, for anyone who knows what people say."""
    return _says_less(first, other) or (
        len(first) == len(other) and all(_has_unlikelier_words(*pair) for pair in zip(first, other, strict=True))
    )


def _has_unlikelier_words(one: Sentence, other: Sentence) -> bool:
    """Whether both remind at the same time, the one of what people are reminded of: "walk the dog", "walk the dock"."""
    if one.intent != TimeIntent.SET_REMINDER or other.intent != one.intent:
        return False
    if {**one.slots, "text": ""} != {**other.slots, "text": ""}:
        return False
    text, instead = (str(sentence.slots.get("text", "")) for sentence in (one, other))
    return told_apart(text) == told_apart(instead) or (not unusual(text) and bool(unusual(instead)))


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
