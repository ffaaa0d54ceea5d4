"""The local brain: hears a command, has it carried out, and says what came of it, without any network."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from daemon.brain import replies
from daemon.brain.abilities import Abilities, abilities
from daemon.brain.agreeing import agreed_to
from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.brain.intents import task_of
from daemon.brain.objections import takes_back
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.recognition.leftover import without_leftover
from daemon.brain.recognition.recogniser import Recogniser, Strictness
from daemon.brain.remarks import remark
from daemon.brain.repertoire import heard
from daemon.brain.speaking import spoken
from daemon.brain.task import Task, say
from daemon.brain.understanding import against, spoken_sentence, typed_sentence
from daemon.speech.synthesis import Espeak, Synthesiser

Clock = Callable[[], datetime]
"""The local time of day."""

_log = logging.getLogger(__name__)


def local_time() -> datetime:
    """With the offset of this machine's time zone."""
    return datetime.now().astimezone()


class LocalBrain:
    """A `Brain` of speech recognition, intents and speech synthesis. One may serve several sessions at once."""

    def __init__(
        self,
        models_dir: Path,
        clock: Clock = local_time,
        *,
        strictness: Strictness | None = None,
        synthesiser: Callable[[str], Synthesiser] = Espeak,
    ) -> None:
        """`synthesiser` makes the voice of a language. Blocks for the loading; raises ModelFileError."""
        self._recogniser = Recogniser(models_dir, strictness)
        self._clock = clock
        self._synthesiser = synthesiser
        self._last: tuple[UserTurn, tuple[str, Sentence | None]] | None = None

    async def sure(self, turn: UserTurn) -> bool:
        """Whether `reply` would act on this speech, answer it or ask back, not just say that it did not understand."""
        able = abilities(turn.functions)
        words, sentence = await asyncio.to_thread(self._hear, turn, able)
        return sentence is not None and not against(sentence, words, able)

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        """Hears, acts once, and speaks sentence by sentence. Raises ModelFileError if there is no voice."""
        able = abilities(turn.functions)
        if turn.text:
            words, sentence = turn.text, await asyncio.to_thread(typed_sentence, turn.text, able)
        else:
            words, sentence = await asyncio.to_thread(self._hear, turn, able)
            yield Heard(words)
        task = self._task(sentence, words, turn) if words else say(replies.NOTHING_HEARD)
        answers = await _called(task, call_tool)
        while task.then:
            task = task.then(answers)
            answers = await _called(task, call_tool)
        async for piece in spoken(task.reply(answers), self._synthesiser(_reply_language(turn.language))):
            yield piece

    def _task(self, sentence: Sentence | None, words: str, turn: UserTurn) -> Task:
        """What to do. The log is told what kind of thing was said, and never the words."""
        able = abilities(turn.functions)
        if before := agreed_to(words, turn.history):
            _log.info("understood a yes")
            words, sentence = before, typed_sentence(before, able)
        if sentence is None:
            _log.info("did not understand")
            return say(remark(words, able, turn.history))
        if reason := against(sentence, words, able):
            _log.info("understood %s, and that it is not to be done", sentence.intent)
            return say(reason)
        _log.info("understood %s", sentence.intent)
        return task_of(sentence, able, self._clock())

    def _hear(self, turn: UserTurn, able: Abilities) -> tuple[str, Sentence | None]:
        """What was said, and what it means; in a thread. Who asked whether it is sure may ask for the reply next."""
        if self._last and np.array_equal(self._last[0].audio, turn.audio) and self._last[0].functions == turn.functions:
            return self._last[1]
        self._last = (turn, self._understood(turn, able))
        return self._last[1]

    def _understood(self, turn: UserTurn, able: Abilities) -> tuple[str, Sentence | None]:
        """What makes no sense may begin with the end of a wake word."""
        words, sentence = spoken_sentence(self._recogniser.hear(turn.audio, heard(able)), able)
        if sentence and not against(sentence, words, able):
            return words, sentence
        rest = None if takes_back(words) else without_leftover(turn.audio)
        if rest is None:
            return words, sentence
        again, meant = spoken_sentence(self._recogniser.hear(rest, heard(able)), able)
        return (again, meant) if meant else (words, sentence)


def _reply_language(language: str) -> str:
    """The replies are English, in the accent that was asked for."""
    return language if language.lower().split("-")[0] == "en" else "en"


async def _called(task: Task, call_tool: CallTool) -> list[Mapping[str, Any]]:
    return [_unwrapped(await call_tool(call.name, call.arguments)) for call in task.calls]


def _unwrapped(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function's own answer: some clients wrap it (`FunctionResponse.response` in the Live API's reference)."""
    for wrapper in ("output", "result"):
        inner = answer.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return answer
