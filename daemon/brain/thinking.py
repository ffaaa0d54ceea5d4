"""What comes of words: the functions that they call for, and what to say."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from daemon.brain import replies
from daemon.brain.abilities import Abilities, abilities
from daemon.brain.agreeing import agreed_to
from daemon.brain.brain import CallTool, UserTurn
from daemon.brain.intents import task_of
from daemon.brain.lexicon import Lexicon, lexicon, nearest_lexicon
from daemon.brain.local_answers import LocalAnswers, answers_in
from daemon.brain.marking import marked
from daemon.brain.nearest import Nearest
from daemon.brain.objections import only_asks
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.remarks import remark
from daemon.brain.repertoire import DOING
from daemon.brain.second_thoughts import Depends, SecondThoughts
from daemon.brain.sentences_in import Doubt, Understood, spoken_of, understood
from daemon.brain.task import Task, say
from daemon.brain.understanding import against, typed_sentence
from daemon.brain.utterance import Utterance

Clock = Callable[[], datetime]
"""The local time of day."""

_MARKS: Final = " .,;!?"
_REMEMBERED: Final = 3
"""Of the user's remarks: what "it" may stand for."""

_log = logging.getLogger(__name__)


async def thought(words: str, turn: UserTurn, call_tool: CallTool, clock: Clock, nearest: Nearest | None = None) -> str:
    """Carries out what was typed, and returns what to say of it; `nearest` helps with unknown words."""
    now = clock()
    able, local = abilities(turn.functions), answers_in(turn.language, now)
    sentence = typed_sentence(words, able) if local is None else None
    return await _carried_through(Utterance(words, sentence), turn, call_tool, now, nearest)


async def thought_of(
    heard: Utterance,
    turn: UserTurn,
    call_tool: CallTool,
    clock: Clock,
    nearest: Nearest | None = None,
) -> str:
    """The same of what was `heard`."""
    return await _carried_through(heard, turn, call_tool, clock(), nearest)


def makes_sense(heard: Utterance, turn: UserTurn, now: datetime, nearest: Nearest | None = None) -> bool:
    """Whether `thought_of` would do what was heard, answer it or ask back: not just say that it did not understand."""
    able, sentence, words = abilities(turn.functions), heard.sentence, heard.words
    if _doubted(heard, turn):
        return False
    if (sentence is not None and not against(sentence, words, able)) or _asked_for(heard, turn, now) != heard:
        return True
    meant = _everyday(words, turn, now, nearest)
    return bool(meant.sentences) or meant.doubt is Doubt.WHICH


def what_depends(heard: Utterance, turn: UserTurn) -> Depends | None:
    """What would be done of what was heard in the turn's language, if nothing speaks against it."""
    return _second_thoughts(turn).depends(heard)


def puzzles(words: str, turn: UserTurn) -> bool:
    """Whether `words`, that were heard in the turn's language, say nothing that is known, and nothing against it."""
    able, language = abilities(turn.functions), lexicon(nearest_lexicon(turn.language))
    meant = understood(words, able, language, _named_before(turn, able, language))
    return not meant.sentences and meant.doubt is None


async def _carried_through(
    heard: Utterance, turn: UserTurn, call_tool: CallTool, now: datetime, nearest: Nearest | None
) -> str:
    meant = await asyncio.to_thread(_meaning, heard, turn, now, nearest)
    if isinstance(meant, str):
        return meant
    local = answers_in(turn.language, now)
    told = [await _done(sentence, task, call_tool, local) for sentence, task in meant]
    return " ".join(told)


_Meaning = list[tuple[Sentence | None, Task]] | str
"""What is to be done, each with the sentence that it comes from; or what to say instead."""


def _meaning(heard: Utterance, turn: UserTurn, now: datetime, nearest: Nearest | None) -> _Meaning:
    """As the sentence of the English grammar that it is, or else in people's own words."""
    able, local = abilities(turn.functions), answers_in(turn.language, now)
    agreed = _asked_for(heard, turn, now)
    doubted = agreed == heard and _doubted(heard, turn)
    sentence, words = agreed.sentence, agreed.words
    if doubted:
        _log.info("nearly heard something else, so it is read back")
        said = words.rstrip(_MARKS)
        return replies.read_back(said) if local is None else local.read_back(said)
    if sentence is not None and not against(sentence, words, able):
        return [(None, task_for(sentence, words, turn, now))]
    meant = _everyday(words, turn, now, nearest)
    if meant.sentences:
        _log.info("understood %s", ", ".join(one.intent for one in meant.sentences))
        return [(one, task_of(one, able, now)) for one in meant.sentences]
    if local is not None:
        _log.info("did not understand")
        return local.doubt(meant.doubt)
    return replies.WHICH_DEVICE if meant.doubt is Doubt.WHICH else [(None, task_for(sentence, words, turn, now))]


def _asked_for(heard: Utterance, turn: UserTurn, now: datetime) -> Utterance:
    """What was said before, if this is a yes to the question whether it is to be done."""
    local = answers_in(turn.language, now)
    if local is not None:
        before = agreed_to(heard.words, turn.history, turn.language, local.shall_i)
        return Utterance(before) if before else heard
    before = agreed_to(heard.words, turn.history)
    return Utterance(before, typed_sentence(before, abilities(turn.functions))) if before else heard


def _doubted(heard: Utterance, turn: UserTurn) -> bool:
    return _second_thoughts(turn).on(heard)


def _second_thoughts(turn: UserTurn) -> SecondThoughts:
    able, language = abilities(turn.functions), lexicon(nearest_lexicon(turn.language))
    return SecondThoughts(able, language, _named_before(turn, able, language))


async def _done(sentence: Sentence | None, task: Task, call_tool: CallTool, local: LocalAnswers | None) -> str:
    """What to say of a task that was carried out, in the language of `local`, or English."""
    last, answers = await _called(task, call_tool)
    english = last.reply(answers)
    return english if local is None or sentence is None else local.told(sentence, last.calls, answers, english)


def _everyday(words: str, turn: UserTurn, now: datetime, nearest: Nearest | None) -> Understood:
    able, language = abilities(turn.functions), lexicon(nearest_lexicon(turn.language))
    meant = understood(words, able, language, _named_before(turn, able, language))
    sentences = _with_both_keys(meant, words, nearest)
    if answers_in(turn.language, now) is None and only_asks(words) and any(one.intent in DOING for one in sentences):
        sentences = []
    return replace(meant, sentences=tuple(sentences))


def _with_both_keys(meant: Understood, words: str, nearest: Nearest | None) -> list[Sentence]:
    """What was understood, if the nearest example does not speak against it; or what that makes of unknown words."""
    if nearest is None:
        return [*meant.sentences]
    if meant.sentences:
        return [*meant.sentences] if nearest.agrees([*meant.sentences], words) else []
    unclear = meant.doubt is None and meant.clause is not None and bool(meant.clause.unknown())
    return nearest.rescued(meant.clause, words) if meant.clause is not None and unclear else []


def _named_before(turn: UserTurn, able: Abilities, words: Lexicon) -> list[str]:
    """What the user named last, as far as this conversation goes back."""
    said = [remark.text for remark in turn.history if remark.role == "user"][-_REMEMBERED:]
    return [str(mark.value) for text in said for mark in marked(text, spoken_of(able), words) if mark.kind == "name"]


def task_for(sentence: Sentence | None, words: str, turn: UserTurn, now: datetime) -> Task:
    """What to do. The log is told what kind of thing was said, and never the words."""
    able = abilities(turn.functions)
    if sentence is None:
        _log.info("did not understand")
        return say(remark(words, able, turn.history))
    return _weighed(sentence, words, able, now)


def _weighed(sentence: Sentence, words: str, able: Abilities, now: datetime) -> Task:
    if reason := against(sentence, words, able):
        _log.info("understood %s, and that it is not to be done", sentence.intent)
        return say(reason)
    _log.info("understood %s", sentence.intent)
    return task_of(sentence, able, now)


async def _called(task: Task, call_tool: CallTool) -> tuple[Task, list[Mapping[str, Any]]]:
    """The last task that followed, and what its calls were answered."""
    answers = [_unwrapped(await call_tool(call.name, call.arguments)) for call in task.calls]
    while task.then:
        task = task.then(answers)
        answers = [_unwrapped(await call_tool(call.name, call.arguments)) for call in task.calls]
    return task, answers


def _unwrapped(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function's own answer: some clients wrap it (`FunctionResponse.response` in the Live API's reference)."""
    for wrapper in ("output", "result"):
        inner = answer.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return answer
