"""The local brain: hears a command, has it carried out, and says what came of it, without any network."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from daemon.brain import replies
from daemon.brain.abilities import Abilities, abilities
from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.brain.local_answers import answers_in
from daemon.brain.nearest import Nearest
from daemon.brain.objections import takes_back
from daemon.brain.other_ears import OtherEars
from daemon.brain.recognition.leftover import without_leftover
from daemon.brain.recognition.loudness import with_quiet_end
from daemon.brain.recognition.recogniser import Recogniser
from daemon.brain.recognition.same_words import only_silence_follows
from daemon.brain.repertoire import heard as grammar_of
from daemon.brain.second_thoughts import Depends
from daemon.brain.sentences_in import spoken_of
from daemon.brain.speaking import spoken
from daemon.brain.thinking import Clock, makes_sense, puzzles, thought, thought_of, what_depends
from daemon.brain.understanding import against, spoken_sentence, with_others
from daemon.brain.utterance import Utterance
from daemon.sentences.shelf import primary_of
from daemon.sound.pcm import Samples
from daemon.speech.best_voice import best_voice
from daemon.speech.synthesis import Synthesiser


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
        synthesiser: Callable[[str], Synthesiser] = best_voice,
        nearest: Nearest | None = None,
        ears: OtherEars | None = None,
        recogniser: Recogniser | None = None,
    ) -> None:
        """`synthesiser` makes the voice of a language, `nearest` helps with words that no rule has.

        `recogniser` hears English, if one is loaded already: brains may share it. `ears` hear other languages; with
        them, what hears English is loaded when it is needed. Blocks for the loading; raises ModelFileError.
        """
        self._english_ears = partial(Recogniser, models_dir)
        self._ears = ears
        self._clock = clock
        self._nearest = nearest
        self._synthesiser = synthesiser
        self._last: tuple[UserTurn, Utterance] | None = None
        if recogniser:
            self._recogniser = recogniser
        elif ears is None:
            _ = self._recogniser

    async def sure(self, turn: UserTurn) -> bool:
        """Whether `reply` would act on this speech, answer it or ask back, not just say that it did not understand."""
        heard_in, nearest = await asyncio.to_thread(self._heard_in, turn)
        heard = await asyncio.to_thread(self._hear, heard_in, early=True)
        return await asyncio.to_thread(makes_sense, heard, heard_in, self._clock(), nearest)

    async def words(self, samples: Samples) -> str:
        """What was said, 16 kHz, read freely."""
        return (await asyncio.to_thread(self._recogniser.transcribe, samples)).text

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        """Hears, acts once, and speaks sentence by sentence. Raises ModelFileError if there is no voice."""
        if turn.text:
            heard_in = turn if answers_in(turn.language, self._clock()) else _in_english(turn)
            text = await thought(turn.text, turn, call_tool, self._clock, self._nearest)
        else:
            heard_in, nearest = await asyncio.to_thread(self._heard_in, turn)
            heard = await asyncio.to_thread(self._hear, heard_in)
            words = heard.words if any(map(str.isalnum, heard.words)) else ""  # of noise it makes notes of music
            yield Heard(words)
            text = await thought_of(heard, heard_in, call_tool, self._clock, nearest) if words else ""
            text = text or self._without_words(heard_in.language)
        async for piece in spoken(text, self._synthesiser(heard_in.language)):
            yield piece

    @cached_property
    def _recogniser(self) -> Recogniser:
        return self._english_ears()

    def _without_words(self, language: str) -> str:
        local = answers_in(language, self._clock())
        return local.doubt(None) if local else replies.NOTHING_HEARD

    def _heard_in(self, turn: UserTurn) -> tuple[UserTurn, Nearest | None]:
        """The turn in the language in which it is heard and answered, and what may help with its words. In a thread."""
        nearest = self._nearest.vetoing() if self._nearest else None
        return (turn if self._ears and self._ears.hears(turn.language) else _in_english(turn)), nearest

    def _hear(self, turn: UserTurn, *, early: bool = False) -> Utterance:
        """What was said, and what it means; in a thread. Who asked whether it is sure may ask for the reply next.

        What is asked about `early` may have been cut right after the last word.
        """
        if self._last:
            read, understood = self._last
            if read.functions == turn.functions and only_silence_follows(read.audio, turn.audio):
                return understood
        given = replace(turn, audio=with_quiet_end(turn.audio)) if early else turn
        self._last = (turn, self._read(given))
        return self._last[1]

    def _read(self, turn: UserTurn) -> Utterance:
        able = abilities(turn.functions)
        if self._ears and primary_of(turn.language) != "en":
            return self._words(turn, self._ears, able)
        return self._understood(turn, able)

    def _understood(self, turn: UserTurn, able: Abilities) -> Utterance:
        """What makes no sense may begin with the end of a wake word."""
        first = self._in_two_readings(turn, turn.audio, able)
        if first.sentence and not against(first.sentence, first.words, able):
            return first
        rest = None if takes_back(first.words) else without_leftover(turn.audio)
        if rest is None:
            return first
        again = self._in_two_readings(turn, rest, able)
        return again if again.sentence else first

    def _in_two_readings(self, turn: UserTurn, samples: Samples, able: Abilities) -> Utterance:
        """What else may have been said is asked where something would be done, for it takes its time."""
        hearing = self._recogniser.hear(samples, grammar_of(able))
        heard = spoken_sentence(hearing, able)
        depends = what_depends(heard, turn)
        return with_others(heard, hearing, seen=depends is Depends.SEEN) if depends else heard

    def _words(self, turn: UserTurn, ears: OtherEars, able: Abilities) -> Utterance:
        """The same in another language: the whole counts, unless it has words of no known kind."""
        names = spoken_of(able)
        first = ears.words(turn.audio, turn.language, names)
        rest = without_leftover(turn.audio)
        if rest is None or not puzzles(first.words, turn):
            return first
        again = ears.words(rest, turn.language, names)
        return first if puzzles(again.words, turn) else again


def _in_english(turn: UserTurn) -> UserTurn:
    """What is heard in English is answered so, in the accent that was asked for."""
    return turn if primary_of(turn.language) == "en" else replace(turn, language="en")
