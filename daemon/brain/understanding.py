"""Which sentence it was: of what was heard in two readings, or typed, and what speaks against doing it."""

from dataclasses import replace
from functools import cache, lru_cache

from daemon.brain import replies
from daemon.brain.abilities import Abilities
from daemon.brain.as_heard import as_said
from daemon.brain.objections import ends_taken_back, objection, only_asks
from daemon.brain.open_reader import OpenReader
from daemon.brain.phrases import commands, small_talk, spoken_names
from daemon.brain.recognition.grammar import Grammar, Sentence
from daemon.brain.recognition.mistakable import has_counterpart
from daemon.brain.recognition.recogniser import Hearing
from daemon.brain.repertoire import DOING, TIMED, transcribed, typed
from daemon.brain.utterance import Utterance
from daemon.brain.written import LONGEST_CHARACTERS, Reader, normalised, without_courtesies


def spoken_sentence(hearing: Hearing, able: Abilities) -> Utterance:
    """What was said, and what it means: as the closed grammar has it, or else letter for letter as it was written."""
    words = as_said(hearing.transcript.text, "en")
    match = hearing.match
    if match is None or _says_more(words, match.text) or has_counterpart(match.text, words):
        sentence = _talk().read(words) or OpenReader(transcribed(able)).read(words)
        return Utterance(words, sentence, free=words)
    doubted = against(match.sentence, words, able)
    return Utterance(words if doubted else match.text, match.sentence, free=words)


def with_others(heard: Utterance, hearing: Hearing, *, seen: bool) -> Utterance:
    """`heard` with what else the hearing that it comes from may have been; `seen` if what is done is seen at once."""
    return replace(heard, others=tuple(as_said(text, "en") for text in hearing.nearly(seen)))


def typed_sentence(text: str, able: Abilities) -> Sentence | None:
    """What was typed: as it stands, or else with slips of the finger."""
    if len(text) > LONGEST_CHARACTERS:
        return None
    sentence = _understood(text, able)
    return None if sentence and sentence.intent in DOING and only_asks(text) else sentence


def _understood(text: str, able: Abilities) -> Sentence | None:
    """What was typed: as it stands, or else with slips of the finger."""
    closed, free = _readers(able)
    plain = without_courtesies(text)
    exact = closed.read(text) or closed.read(plain) or free.read(text)
    return exact or closed.read_mistyped(text) or closed.read_mistyped(plain) or free.read_mistyped(text)


@cache
def _talk() -> Reader:
    return Reader(small_talk())


@lru_cache(maxsize=1)
def _readers(able: Abilities) -> tuple[Reader, OpenReader]:
    """What reads typed sentences: made of thousands of words, for a home whose devices seldom change."""
    known = commands(able)
    return Reader(Grammar((*known.templates, *small_talk().templates), known.slots)), OpenReader(typed(able))


def against(sentence: Sentence, words: str, able: Abilities) -> str:
    """What speaks against doing what `sentence` says, if it does anything; names and open words are left out."""
    if sentence.intent not in DOING:
        return ""
    if "text" in sentence.slots and ends_taken_back(words):
        return replies.LEFT_ALONE
    own = [str(sentence.slots[slot]) for slot in ("text", "name", "group", "scene") if slot in sentence.slots]
    return objection(words, [*spoken_names(able.devices), *own], later=_later(sentence, able))


def _later(sentence: Sentence, able: Abilities) -> str:
    """What to say to words about another time; "" where it may be meant."""
    if sentence.intent in TIMED:
        return ""
    return replies.NOT_UNDERSTOOD_WHEN if able.plannable else replies.NOT_LATER


def _says_more(words: str, match: str) -> bool:
    """Whether there was more in what was said than a command: a condition, an afterthought, someone else's talk."""
    return len(normalised(words).split()) > len(normalised(match).split()) + 1
