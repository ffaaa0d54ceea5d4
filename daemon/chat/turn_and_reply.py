"""One turn of a conversation and its reply, as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.conversation.events import Interrupted, ReplyComplete, ToolCancelled, ToolRequested
from daemon.conversation.messages import ReplyAudio, ReplyText, SessionMessage, SourcesNamed, Transcribed, UsageReported
from daemon.sound.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.conversation.tool_call import ToolCall
    from daemon.sound.pcm import Samples


@dataclass
class Exchange:
    """What was asked as turn number `turn`, and what came of it."""

    turn: int = 0
    asked: str = ""
    """What was asked in writing; empty if it was asked aloud."""
    heard: str = ""
    said: str = ""
    audio: Recording = field(default_factory=Recording)
    sources: dict[str, str] = field(default_factory=dict)
    """Pages the reply rests on, by address, with their titles."""
    calls: list[tuple[ToolCall, Mapping[str, Any]]] = field(default_factory=list)
    """Tools that were called, and what they answered."""
    usage: list[UsageReported] = field(default_factory=list)
    complete: bool = False
    reopened: int = 0
    """How often its session was opened anew."""
    pending: set[str] = field(default_factory=set)
    """Calls that are not answered yet."""
    answer_owed: bool = False
    """A tool was called, and nothing was said since it answered: an end before that is not this turn's."""

    @property
    def reply(self) -> Samples:
        """24 kHz."""
        return self.audio.samples

    @property
    def untouched(self) -> bool:
        """Nothing came of it: asked again, it is neither heard nor done twice."""
        return not (self.audio or self.said or self.calls or self.pending)

    def received(self, message: SessionMessage) -> None:
        """What another turn's reply says is not part of this."""
        match message:
            case UsageReported():
                self.usage.append(message)
            case ToolRequested(call):
                self.pending.add(call.id)
                self.answer_owed = True
            case ToolCancelled(ids):
                self.pending.difference_update(ids)
            case Transcribed(speaker="user", text=text):
                self.heard += text
            case Transcribed() | ReplyText() | ReplyAudio() | SourcesNamed() if message.turn == self.turn:
                self._take(message)
            case ReplyComplete() | Interrupted() if message.turn == self.turn:
                self._end(interrupted=isinstance(message, Interrupted))

    def _take(self, piece: Transcribed | ReplyText | ReplyAudio | SourcesNamed) -> None:
        match piece:
            case Transcribed(text=text):
                self.said += text
            case ReplyText(text=text):
                self.said += text
                self.answer_owed = bool(self.pending)  # what is said while a tool works is not what it led to
            case ReplyAudio(data=data, rate_hz=rate_hz):
                self.audio.add(data, rate_hz)
                self.answer_owed = bool(self.pending)
            case SourcesNamed(sources=sources):
                self.sources |= {address: title for title, address in sources}

    def _end(self, *, interrupted: bool) -> None:
        if interrupted:  # nothing more is said of it
            self.complete = self.complete or bool(self.audio)
        elif not self.answer_owed:
            self.complete = True

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        """A tool answered so."""
        self.pending.discard(call.id)
        self.calls.append((call, response))

    def ask_again(self) -> None:
        """Its session was lost before anything came of it."""
        self.reopened += 1
        self.heard = ""
