"""Puts turns together from what a session says piece by piece, and keeps of a reply no more than was heard.

A turn is finished when the next one begins or the conversation rests; pieces that come late, but before that, are
still taken. Of a reply that was silenced (barge-in, stop, mute, a failure) the text is cut where the sound was, and
nothing that comes of it later counts. Words of a session that was lost and is asked again are not kept twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.memory.heard import heard_part, whole_words
from daemon.abilities.memory.said import Said, Sink, Source, Speaker
from daemon.conversation.commands import EndActivity, StartActivity
from daemon.conversation.events import Event, PlayoutDrained, ReplyComplete, ReplyStarted, SessionOpened, ToolRequested
from daemon.conversation.exchange import RESTS
from daemon.conversation.messages import ReplyAudio, SourcesNamed, Transcribed
from daemon.conversation.witness import Witness
from daemon.sound.pcm import REPLY_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation
    from daemon.conversation.tool_call import ToolCall

LONGEST_TEXT: Final = 20_000
"""Characters of one speaker in one turn: a quarter of an hour of speech."""
LONGEST_TOOL_TEXT: Final = 400
DRAINED_SHARE: Final = 0.95
"""A reply that was played to its end counts as heard, if not more than this is missing by resampling."""


@dataclass
class _Turn:
    """What is known of one turn so far. Samples are 24 kHz, counted from the beginning of the turn's reply."""

    number: int
    at: float
    before: int = 0  # samples of its reply that belong to what was remembered already
    user: str = ""
    model: str = ""
    tools: list[str] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    received: int = 0
    heard: int = 0  # when last asked
    drained: bool = False  # all that was received was heard
    answered: bool = False
    complete: bool = False  # no more of the reply will come
    silenced: bool = False  # … because nobody wants to hear it
    unwanted: bool = False  # nothing of it is to be remembered

    def take(self, speaker: str, text: str) -> None:
        if speaker == "user":
            self.user = (self.user + text)[:LONGEST_TEXT]
        elif not self.silenced:
            self.model = (self.model + text)[:LONGEST_TEXT]

    def name(self, sources: Sequence[Source]) -> None:
        if not self.silenced:
            self.sources = tuple(dict.fromkeys((*self.sources, *sources)))

    def hear(self, audio: ReplyAudio) -> None:
        if not self.silenced:
            self.received += len(audio.data) // 2 * REPLY_RATE_HZ // audio.rate_hz
            self.drained = False

    def drain(self, heard: int) -> None:
        self.heard, self.drained = heard, heard >= DRAINED_SHARE * self.received

    def silence(self, heard: int) -> None:
        self.heard = heard
        self.model, self.silenced = self.heard_text(), True

    def heard_text(self) -> str:
        """What of the reply's text was heard."""
        if self.silenced:
            return self.model
        received = self.received - self.before
        heard = received if self.drained else self.heard - self.before
        if self.complete and 0 < received <= heard:
            return self.model
        return heard_part(self.model, heard, received)

    def said(self) -> list[Said]:
        texts: list[tuple[Speaker, str]] = [("user", self.user)]
        texts += [("tool", text) for text in self.tools]
        texts.append(("model", self.heard_text()))
        return [
            Said(self.at, self.number, speaker, " ".join(text.split()), self.sources if speaker == "model" else ())
            for speaker, text in texts
            if text.strip() and not self.unwanted
        ]


class Transcript(Witness):
    """Tells each of `sinks` what was said. `now` is the wall clock; `unmentioned` names tools that leave no trace."""

    def __init__(
        self, now: Callable[[], float], sinks: Sequence[Sink], *, unmentioned: Collection[str] = frozenset()
    ) -> None:
        self._now = now
        self._sinks = sinks
        self._unmentioned = unmentioned
        self._turn: _Turn | None = None
        self._last = _Turn(0, 0.0)  # the one that was finished last; its reply may still go on
        self._asked = 0  # the turn whose reply the speaker plays, or waits for

    def drop_turn(self) -> None:
        """Remember nothing of the present turn."""
        if self._turn:
            self._turn.unwanted = True

    def finish(self) -> None:
        """Nothing more comes of the present turn."""
        turn, self._turn = self._turn, None
        if turn:
            self._last = turn
            self._tell(turn.said())

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        for command in commands:
            if isinstance(command, StartActivity):
                self.finish()
                self._turn = _Turn(command.turn, self._now())
            elif isinstance(command, EndActivity):
                self._asked = command.turn
        if isinstance(event, ReplyStarted) and event.turn == situation.reply_turn:
            self._go_on(event.turn)
        elif isinstance(event, PlayoutDrained) and (turn := self._current(event.turn)):
            turn.drain(event.heard_samples)
        if situation.state in RESTS:
            self.finish()

    def received(self, message: SessionMessage) -> None:
        match message:
            case SessionOpened() if self._turn and not self._turn.answered:
                self._turn.user = self._turn.model = ""  # what was said will be said again, to this session
            case ToolRequested() if self._turn:
                self._turn.answered = True
            case (
                Transcribed(number) | ReplyAudio(number) | SourcesNamed(number) | ReplyStarted(number)
                | ReplyComplete(number)
            ) if turn := self._current(number):  # fmt: skip
                _note(turn, message)

    def flushed(self, heard_samples: int) -> None:
        if turn := self._current(self._asked):
            turn.silence(heard_samples)

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        if call.name in self._unmentioned:
            return
        text = f"{call.name} {_json(call.arguments)} gave {_json(response)}"
        text = whole_words(text, LONGEST_TOOL_TEXT)
        if self._turn:
            self._turn.tools.append(text)
        elif not self._last.unwanted:
            self._tell([Said(self._last.at or self._now(), self._last.number, "tool", text)])

    def _current(self, number: int) -> _Turn | None:
        return self._turn if self._turn and self._turn.number == number else None

    def _go_on(self, number: int) -> None:
        """A finished turn is heard of again: the model tells the result of a tool that it did not wait for."""
        last = self._last
        if self._turn is None and number == last.number:
            self._turn = _Turn(number, self._now(), last.received, received=last.received, answered=True)

    def _tell(self, remarks: Sequence[Said]) -> None:
        for said in remarks:
            for sink in self._sinks:
                sink(said)


def _note(turn: _Turn, message: SessionMessage) -> None:
    match message:
        case Transcribed(_, speaker, text):
            turn.take(speaker, text)
        case ReplyAudio():
            turn.hear(message)
        case SourcesNamed(_, sources):
            turn.name(sources)
        case ReplyStarted():
            turn.answered, turn.complete = True, False
        case ReplyComplete():
            turn.answered = turn.complete = True


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, default=str)
