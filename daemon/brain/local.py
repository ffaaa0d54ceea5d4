"""The local brain: hears a command, has it carried out, and says what came of it, without any network."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from daemon.brain import replies
from daemon.brain.abilities import Abilities, abilities
from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.brain.local_answers import answers_in
from daemon.brain.nearest import Nearest
from daemon.brain.objections import takes_back
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.recognition.leftover import without_leftover
from daemon.brain.recognition.recogniser import Recogniser, Strictness
from daemon.brain.repertoire import heard
from daemon.brain.speaking import spoken
from daemon.brain.thinking import Clock, makes_sense, thought, thought_of
from daemon.brain.understanding import against, spoken_sentence
from daemon.speech.synthesis import Espeak, Synthesiser


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
        nearest: Nearest | None = None,
    ) -> None:
        """`synthesiser` makes the voice of a language, `nearest` helps with words that no rule has.

        Blocks for the loading; raises ModelFileError.
        """
        self._recogniser = Recogniser(models_dir, strictness)
        self._clock = clock
        self._nearest = nearest
        self._synthesiser = synthesiser
        self._last: tuple[UserTurn, tuple[str, Sentence | None]] | None = None

    async def sure(self, turn: UserTurn) -> bool:
        """Whether `reply` would act on this speech, answer it or ask back, not just say that it did not understand."""
        words, sentence = await asyncio.to_thread(self._hear, turn, abilities(turn.functions))
        heard_in = replace(turn, language=_english(turn.language))
        return await asyncio.to_thread(makes_sense, sentence, words, heard_in, self._clock(), self._nearest)

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        """Hears, acts once, and speaks sentence by sentence. Raises ModelFileError if there is no voice."""
        if turn.text:
            text = await thought(turn.text, turn, call_tool, self._clock, self._nearest)
        else:
            words, sentence = await asyncio.to_thread(self._hear, turn, abilities(turn.functions))
            yield Heard(words)
            text = await self._thought_of(sentence, words, turn, call_tool) if words else replies.NOTHING_HEARD
        language = turn.language if turn.text and answers_in(turn.language, self._clock()) else _english(turn.language)
        async for piece in spoken(text, self._synthesiser(language)):
            yield piece

    async def _thought_of(self, sentence: Sentence | None, words: str, turn: UserTurn, call_tool: CallTool) -> str:
        heard_in = replace(turn, language=_english(turn.language))
        return await thought_of(sentence, words, heard_in, call_tool, self._clock, self._nearest)

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


def _english(language: str) -> str:
    """What was heard is English, and is answered so, in the accent that was asked for."""
    return language if language.lower().split("-")[0] == "en" else "en"
