"""What comes of words: the functions that they call for, and what to say."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from daemon.brain.abilities import Abilities, abilities
from daemon.brain.agreeing import agreed_to
from daemon.brain.brain import CallTool, UserTurn
from daemon.brain.intents import task_of
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.remarks import remark
from daemon.brain.task import Task, say
from daemon.brain.understanding import against, typed_sentence

Clock = Callable[[], datetime]
"""The local time of day."""

_log = logging.getLogger(__name__)


async def thought(words: str, turn: UserTurn, call_tool: CallTool, clock: Clock) -> str:
    """Carries out what was typed, and returns what to say of it."""
    sentence = await asyncio.to_thread(typed_sentence, words, abilities(turn.functions))
    return await carried_out(task_for(sentence, words, turn, clock()), call_tool)


def task_for(sentence: Sentence | None, words: str, turn: UserTurn, now: datetime) -> Task:
    """What to do. The log is told what kind of thing was said, and never the words."""
    able = abilities(turn.functions)
    if before := agreed_to(words, turn.history):
        _log.info("understood a yes")
        words, sentence = before, typed_sentence(before, able)
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


async def carried_out(task: Task, call_tool: CallTool) -> str:
    """Makes the calls of `task`, and of what follows from their answers; returns what to say."""
    answers = [_unwrapped(await call_tool(call.name, call.arguments)) for call in task.calls]
    while task.then:
        task = task.then(answers)
        answers = [_unwrapped(await call_tool(call.name, call.arguments)) for call in task.calls]
    return task.reply(answers)


def _unwrapped(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function's own answer: some clients wrap it (`FunctionResponse.response` in the Live API's reference)."""
    for wrapper in ("output", "result"):
        inner = answer.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return answer
