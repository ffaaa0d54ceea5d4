"""Replies in text, spoken by this machine: around a session that writes, one that seems to speak.

Whole sentences are spoken as they arrive, so that the first is heard while the rest is still being written. What the
session says of a reply's end is held back until its last sentence is spoken.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.causes import Cause
from daemon.conversation.events import Interrupted, ReplyComplete, ReplyStarted, SessionLost, ToolRequested
from daemon.conversation.messages import ReplyAudio, ReplyText, SessionMessage, Transcribed
from daemon.errors import PipitError
from daemon.sound.pcm import REPLY_RATE_HZ, Samples

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from daemon.conversation.tool_call import Scheduling, ToolCall
    from daemon.live.asked import Session, SessionMaker
    from daemon.live.uplink import Uplink

SENTENCES: Final = 64
"""How many may wait to be spoken, some five minutes; what comes after them is dropped and logged."""

_SENTENCE: Final = re.compile(r".*?[.!?…](?=\s)|.*?\n", re.DOTALL)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Sentence:
    turn: int
    text: str


class NarratedSession:
    """A `Session` whose text is spoken by `speak`. Everything that is not part of a reply passes at once.

    `speak` makes 24 kHz samples of a sentence, or raises PipitError, which ends as a session that is lost.
    """

    def __init__(
        self,
        make: SessionMaker,
        speak: Callable[[str], Awaitable[Samples]],
        uplink: Uplink,
        on_message: Callable[[SessionMessage], None],
    ) -> None:
        self._session: Session = make(uplink, self._received)
        self._speak = speak
        self._tell = on_message
        self._waiting: asyncio.Queue[_Sentence | ReplyComplete] = asyncio.Queue(SENTENCES)
        self._written = ""  # of a sentence that is not complete
        self._turn = 0  # … whose reply it belongs to
        self._begun = 0  # the turn whose reply was last heard to begin
        self._cut = 0  # the turn whose reply was interrupted
        self._closed = False

    async def run(self) -> None:
        """As long as the session inside."""
        async with asyncio.TaskGroup() as group:
            voice = group.create_task(self._narrate())
            await self._session.run()
            voice.cancel()

    def close(self) -> None:
        self._closed = True
        self._session.close()

    def leave(self) -> None:
        self._closed = True
        self._session.leave()

    @property
    def takes_parts(self) -> bool:
        return self._session.takes_parts

    def answer_tool(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None:
        self._session.answer_tool(call, response, more=more, scheduling=scheduling)

    def _received(self, message: SessionMessage) -> None:
        match message:
            case ReplyText(turn, text):
                self._write(turn, text)
            case ReplyComplete(turn):
                self._finish_sentence()
                self._enqueue(ReplyComplete(turn))
            case Interrupted(turn):
                self._cut, self._written = turn, ""
                self._tell(message)
            case ToolRequested():
                self._begun = 0  # what is said after the result begins anew
                self._tell(message)
            case _:
                self._tell(message)

    def _write(self, turn: int, text: str) -> None:
        if turn != self._turn:
            self._turn, self._written = turn, ""
        self._written += text
        while whole := _SENTENCE.match(self._written):
            self._written = self._written[whole.end() :]
            self._say(whole[0])

    def _finish_sentence(self) -> None:
        rest, self._written = self._written, ""
        self._say(rest)

    def _say(self, text: str) -> None:
        if text.strip():
            self._enqueue(_Sentence(self._turn, text.strip()))

    def _enqueue(self, item: _Sentence | ReplyComplete) -> None:
        if self._waiting.full():
            lost = self._waiting.get_nowait() if isinstance(item, ReplyComplete) else item
            log.warning("a reply is written faster than it can be spoken: dropped %s", type(lost).__name__)
            if lost is item:
                return
        self._waiting.put_nowait(item)

    async def _narrate(self) -> None:
        while True:
            item = await self._waiting.get()
            if isinstance(item, ReplyComplete):
                self._pass(item)
            elif not self._stale(item):
                await self._narrate_sentence(item)

    def _stale(self, sentence: _Sentence) -> bool:
        """Whether nobody waits for it any more: the reply was interrupted, or that to a later turn has begun."""
        return sentence.turn == self._cut or sentence.turn < self._turn

    async def _narrate_sentence(self, sentence: _Sentence) -> None:
        try:
            sound = await self._speak(sentence.text)
        except PipitError as error:
            log.warning("a written reply cannot be spoken: %s", error)
            self._pass(SessionLost(Cause.NO_REPLY, str(error)))
            return
        if self._stale(sentence):
            return
        if sentence.turn != self._begun:
            self._begun = sentence.turn
            self._pass(ReplyStarted(sentence.turn))
        self._pass(Transcribed(sentence.turn, "model", f"{sentence.text} "))
        self._pass(ReplyAudio(sentence.turn, sound.astype("<i2").tobytes(), REPLY_RATE_HZ))

    def _pass(self, message: SessionMessage) -> None:
        if not self._closed:
            self._tell(message)
