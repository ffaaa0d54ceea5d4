"""From what was typed or heard to what is asked for, in any of the lexicons' languages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from daemon.brain.abilities import EVERYTHING, READ_SENSOR, SET_GROUP, SET_SCENE, Abilities
from daemon.brain.clause import Clause
from daemon.brain.device_frames import DEVICE_FRAMES, unclear
from daemon.brain.lexicon import Lexicon
from daemon.brain.marking import marked
from daemon.brain.marks import Mark
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sound_frames import SOUND_FRAMES
from daemon.brain.time_frames import TIME_FRAMES, is_name
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.written import LONGEST_CHARACTERS

_FRAMES: Final = (*TIME_FRAMES, *SOUND_FRAMES, *DEVICE_FRAMES)
_WHY: Final = ("", "is", "dark", "temperature", "humidity", "day")
"""What a part may speak of that says only why."""

_NOT_MEANT: Final = frozenset(
    (
        *("joking", "kidding", "testing", "wrong", "mistake", "sorry", "on", "off"),
        *("fine", "ok", "okay", "alright", "enough"),
    )
)
"""What tells that something is not meant, or is good as it is."""

_LOOKS: Final = ("percent", "number", "level", "colour", "brighter", "dimmer")
"""What a part may speak of that says only how."""

_MOST_CLAUSES: Final = 5


class Doubt(StrEnum):
    """Why nothing is done although something was understood."""

    NEGATED = "negated"
    CONDITION = "condition"
    PAST = "past"
    CORRECTED = "corrected"
    WHICH = "which device"
    SEVERAL = "several at once"


_DOUBTS: Final = {"not": Doubt.NEGATED, "if": Doubt.CONDITION, "past": Doubt.PAST, "correction": Doubt.CORRECTED}
"""What forbids to act, wherever it stands in the sentence."""


@dataclass(frozen=True)
class Understood:
    """What is asked for, in order; or why it is not done; or neither, if it makes no sense."""

    sentences: tuple[Sentence, ...] = ()
    doubt: Doubt | None = None
    clause: Clause | None = None
    """The only part of it, if that made no sense."""


def understood(text: str, able: Abilities, lexicon: Lexicon, earlier: Sequence[str] = ()) -> Understood:
    """What `text` asks for; `earlier` is what was named before in the conversation."""
    if len(text) > LONGEST_CHARACTERS:
        return Understood()
    marks = marked(text, spoken_of(able), lexicon)
    if doubt := next((reason for kind, reason in _DOUBTS.items() if any(mark.kind == kind for mark in marks)), None):
        return Understood(doubt=doubt)
    whole = Clause(marks, able)
    clauses = [whole] if whole.has("remind") else _without_reasons(list(_clauses(marks, able)), lexicon)
    found, missing = _read(clauses, [*earlier])
    if found and missing is not None and missing is clauses[-1] and _is_called(found[-1], missing):
        missing = None
    if missing is None and found and _may_be_together(found):
        return Understood(tuple(_each_once(found)))
    if found and missing is None:
        return Understood(doubt=Doubt.SEVERAL)
    doubt = Doubt.WHICH if missing and unclear(missing) else None
    return Understood(doubt=doubt, clause=clauses[0] if len(clauses) == 1 else None)


def _is_called(timer: Sentence, clause: Clause) -> bool:
    """ "Sixteen minutes, fish fingers": what a timer is for, which it need not be called."""
    named = bool(clause.unknown()) and is_name(clause.unknown()) and clause.only("")
    return timer.intent == TimeIntent.SET_TIMER and named and not _is_not_meant(clause)


def _each_once(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """ "Speak up, I can't hear you" wants it louder once; two timers may be the same."""
    for place, sentence in enumerate(sentences):
        if sentence.intent == TimeIntent.SET_TIMER or sentence not in sentences[:place]:
            yield sentence


def spoken_of(able: Abilities) -> list[str]:
    """Everything that has a name."""
    chosen = ((SET_GROUP, "group"), (SET_SCENE, "scene"), (READ_SENSOR, "sensor"))
    others = (name for function, key in chosen for name in able.special.get(function, {}).get(key, ()))
    return list(dict.fromkeys(name for name in (*able.devices, *others) if name != EVERYTHING))


def _clauses(marks: Iterable[Mark], able: Abilities) -> Iterator[Clause]:
    """The parts between "and" and commas."""
    part: list[Mark] = []
    for mark in marks:
        if mark.kind in ("and", "comma"):
            if part:
                yield Clause(tuple(part), able)
            part = []
        else:
            part.append(mark)
    if part:
        yield Clause(tuple(part), able)


def _without_reasons(clauses: list[Clause], lexicon: Lexicon) -> list[Clause]:
    """ "It's cold, turn on the heater": what comes first may be why, if it names nothing and wants nothing.

    In English what comes last may be why, too, unless it takes something back: "heater on, I'm only joking".
    """
    if len(clauses) > 1 and _is_why(clauses[0], lexicon):
        return clauses[1:]
    last = lexicon.language == "en" and len(clauses) > 1 and _is_why(clauses[-1], lexicon)
    return clauses[:-1] if last and not _is_not_meant(clauses[-1]) else clauses


def _is_why(clause: Clause, lexicon: Lexicon) -> bool:
    why = clause.only(*_WHY) and lexicon.reasons.match(" ".join(mark.plain for mark in clause.marks))
    return bool(why) and not clause.has("set")


def _is_not_meant(clause: Clause) -> bool:
    return not _NOT_MEANT.isdisjoint(mark.plain for mark in clause.marks)


def _read(clauses: Sequence[Clause], named: list[str]) -> tuple[list[Sentence], Clause | None]:
    """What the clauses ask for, and the first that makes no sense, alone or with those that follow."""
    found: list[Sentence] = []
    before: Clause | None = None
    position = 0
    while position < len(clauses) and position < _MOST_CLAUSES:
        if not clauses[position].said:
            position += 1
            continue
        taken = _longest_sense(clauses[position:], before, named)
        if taken is None:
            return found, clauses[position]
        sentences, before, count = taken
        found += sentences
        named += [str(name) for name in before.values("name")]
        position += count
    return found, clauses[position] if position < len(clauses) else None


def _longest_sense(
    clauses: Sequence[Clause], before: Clause | None, named: Sequence[str]
) -> tuple[list[Sentence], Clause, int] | None:
    """What the first clause asks for; with the verb of the one before, or with those that follow, if need be."""
    if before is not None and clauses[0].said == {"name"}:
        rest = tuple(mark for mark in before.marks if mark.kind != "name")
        clause = replace(before, marks=(*rest, *clauses[0].marks))
        if bool(before.groups) != bool(clauses[0].groups):
            return None  # a room is no device: "the light in the kitchen, and the bedroom"
        return (sense, clause, 1) if (sense := sense_of(clause)) else None
    for count in range(1, len(clauses) + 1):
        marks = tuple(mark for clause in clauses[:count] for mark in clause.marks)
        clause = _resolved(replace(clauses[0], marks=marks), named)
        if sense := sense_of(clause):
            return sense, clause, count
    return _of_the_same(clauses[0], before)


def _of_the_same(clause: Clause, before: Clause | None) -> tuple[list[Sentence], Clause, int] | None:
    """ "Make the lamp red and 30 percent": how a thing shall be, that was named right before."""
    if before is None or not clause.said or not clause.only(*_LOOKS):
        return None
    named = replace(clause, marks=(*(mark for mark in before.marks if mark.kind == "name"), *clause.marks))
    return (sense, named, 1) if (sense := sense_of(named)) else None


def _resolved(clause: Clause, named: Sequence[str]) -> Clause:
    """ "it" is what was named last, if nothing else is named."""
    if clause.has("name") or not clause.has("it") or not named:
        return clause
    marks = tuple(replace(mark, kind="name", value=named[-1]) if mark.kind == "it" else mark for mark in clause.marks)
    return replace(clause, marks=marks)


def sense_of(clause: Clause) -> list[Sentence]:
    """What one clause asks for; empty if it makes no sense."""
    return next((found for frame in _FRAMES if (found := frame(clause))), [])


def _may_be_together(sentences: Sequence[Sentence]) -> bool:
    """What is planned for later stands alone: "the lamp and the fan in ten minutes" may mean two things."""
    return len(sentences) == 1 or all(sentence.intent != TimeIntent.PLAN for sentence in sentences)
