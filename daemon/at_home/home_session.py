"""A session with the brain at home, as the conversation sees it: `daemon.live.asked.Session`.

It takes the user's speech from the uplink as any session does, so what another has not taken is said again to this one.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from daemon.at_home.frames import Frame
from daemon.at_home.home_line import HomeSilent, Line
from daemon.conversation.causes import Cause
from daemon.conversation.events import ReplyComplete, ReplyStarted, SessionLost, SessionOpened, ToolRequested
from daemon.conversation.messages import ReplyAudio, Transcribed
from daemon.conversation.tool_call import ToolCall
from daemon.live.uplink import ActivityEnd, ActivityStart, AudioGone, Uplink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daemon.at_home.home_brain import HomeBrain
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.tool_call import Scheduling

log = logging.getLogger(__name__)


class HomeSession:
    """`run` once. `request` is what each turn needs besides its words: the functions and the language."""

    def __init__(
        self,
        home: HomeBrain,
        request: Mapping[str, Any],
        uplink: Uplink,
        on_message: Callable[[SessionMessage], None],
    ) -> None:
        self._home, self._request = home, request
        self._uplink, self._on_message = uplink, on_message
        self._line: Line | None = None
        self._history: list[dict[str, str]] = []
        self._open_calls: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self) -> None:
        """Until `close`, or until the brain fails, which is reported."""
        if self._closed:
            return
        self._task = asyncio.current_task()
        self._home.used()
        try:
            self._line = await self._home.line()
            self._uplink.rewind()
            self._report(SessionOpened())
            await self._converse(self._line)
        except* (HomeSilent, AudioGone) as errors:
            self._report(SessionLost(Cause.HOME, str(errors.exceptions[0])))
        except* asyncio.CancelledError:
            if not self._closed:
                raise
        finally:
            self._home.unused()

    def close(self) -> None:
        """Nothing is reported any more, nothing more is taken."""
        self._uplink.abandon()
        self.leave()

    def leave(self) -> None:
        """As `close`, but what was not taken is left to another."""
        self._closed = True
        if self._task:
            self._task.cancel()

    @property
    def takes_parts(self) -> bool:
        return False

    def answer_tool(
        self,
        call: ToolCall,
        response: Mapping[str, Any],
        *,
        more: bool = False,
        scheduling: Scheduling | None = None,  # noqa: ARG002 - it always waits
    ) -> None:
        """Answer a call; dropped if it was answered before, or this session is over."""
        if more or self._closed or not self._line or call.id not in self._open_calls:
            return
        self._open_calls.discard(call.id)
        try:
            self._line.say(Frame("answer", {"id": call.id, "response": dict(response)}))
        except HomeSilent:
            log.info("the answer of a call is dropped: the brain at home has ended")

    async def _converse(self, line: Line) -> None:
        said: list[bytes] = []
        replying: asyncio.Task[None] | None = None
        async with asyncio.TaskGroup() as group:
            while True:
                match await self._uplink.next_message():
                    case ActivityStart():
                        said.clear()
                        if replying:
                            replying.cancel()
                    case ActivityEnd(turn):
                        replying = group.create_task(self._reply(line, turn, b"".join(said)))
                    case bytes() as sound:
                        said.append(sound)

    async def _reply(self, line: Line, turn: int, sound: bytes) -> None:
        begun = False
        async for frame in line.ask("turn", {**self._request, "history": list(self._history)}, sound):
            said = frame.said
            match frame.kind:
                case "heard":
                    self._note("user", turn, said["text"])
                case "call":
                    self._uplink.answered(turn)  # said again to another session, it would act twice
                    self._open_calls.add(said["id"])
                    self._report(ToolRequested(ToolCall(said["id"], said["name"], said["arguments"])))
                case "spoken":
                    self._uplink.answered(turn)
                    if not begun:
                        self._report(ReplyStarted(turn))
                    begun = True
                    self._note("model", turn, said["text"])
                    self._report(ReplyAudio(turn, frame.sound))
                case "done":
                    self._uplink.answered(turn)
                    self._report(ReplyComplete(turn))

    def _note(self, speaker: str, turn: int, text: str) -> None:
        """A reply comes sentence by sentence, and is one remark: what a yes is an answer to is in the last of them."""
        if self._history and self._history[-1]["role"] == speaker == "model":
            self._history[-1]["text"] += text
        else:
            self._history.append({"role": speaker, "text": text})
        self._report(Transcribed(turn, "user" if speaker == "user" else "model", text))

    def _report(self, message: SessionMessage) -> None:
        if not self._closed:
            self._on_message(message)
