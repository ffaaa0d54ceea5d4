"""What a session has to send besides speech, in order: texts, answers, refusals, pictures. The loop's thread only."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.conversation.tool_call import Scheduling, ToolCall

log = logging.getLogger(__name__)

CONTROL_LIMIT: Final = 32
PARTS_LIMIT: Final = CONTROL_LIMIT // 2
"""Parts of answers leave room for texts."""
REFUSALS_LIMIT: Final = 256
"""Messages with calls to refuse that a service may send while it takes no answer."""


@dataclass(frozen=True, slots=True)
class Text:
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a call, or with `more` a part of it."""

    call: ToolCall
    response: Mapping[str, Any]
    more: bool
    scheduling: Scheduling | None


@dataclass(frozen=True, slots=True)
class Refusals:
    """Calls that were not run, each with the reason."""

    calls: Sequence[tuple[ToolCall, str]]


@dataclass(frozen=True, slots=True)
class Nudge:
    """Ask a model that has fallen silent to go on."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture that waits to be sent, if it is then still `wanted`."""

    jpeg: bytes
    wanted: Callable[[], bool]


class FrameDue:
    """The turn of the picture that waits has come; which one that is may have changed meanwhile."""


class Outbox:
    """One queue. A text that finds `CONTROL_LIMIT` messages there is dropped and logged (the socket has not drained for
    long, and the send deadline is about to end the session). Parts of an answer are dropped when `PARTS_LIMIT` messages
    wait. Answers never are: of calls no more are let in than `admission` allows. Of pictures one waits: a newer one
    takes its place.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Text | Answer | Refusals | Nudge | FrameDue] = asyncio.Queue()
        self._frame: Frame | None = None
        self.frames_dropped = 0
        """Pictures that were not sent: without a session, not wanted any more, or replaced by a newer one."""

    @property
    def is_full(self) -> bool:
        """No text is taken any more, and no picture."""
        return self._queue.qsize() >= CONTROL_LIMIT

    @property
    def takes_parts(self) -> bool:
        return self._queue.qsize() < PARTS_LIMIT

    @property
    def takes_refusals(self) -> bool:
        """False if the service goes on calling, and takes no answer."""
        return self._queue.qsize() < REFUSALS_LIMIT

    def put(self, message: Text | Nudge) -> None:
        if self.is_full:
            log.warning("dropped a message to the service: %d others wait", CONTROL_LIMIT)
            return
        self._queue.put_nowait(message)

    def put_answer(self, message: Answer | Refusals) -> None:
        self._queue.put_nowait(message)

    def put_frame(self, frame: Frame, *, open_: bool) -> None:
        """`open_`: there is a session that it can be shown to."""
        replaced, self._frame = self._frame, frame
        if replaced:  # its place in the queue serves the newer one
            log.debug("a picture is not sent: a newer one takes its place")
            self.frames_dropped += 1
        elif open_ and not self.is_full:
            self._queue.put_nowait(FrameDue())
        else:
            if open_:
                log.debug("a picture is not sent: %d messages wait", CONTROL_LIMIT)
            else:
                log.debug("a picture is not sent: no session is open")
            self._frame = None
            self.frames_dropped += 1

    async def next(self) -> Text | Answer | Refusals | Nudge | FrameDue:
        """What is to be sent now, as soon as there is something."""
        return await self._queue.get()

    def take_frame(self) -> Frame | None:
        """The picture that is due, if it is still wanted."""
        frame, self._frame = self._frame, None
        if frame and not frame.wanted():
            log.debug("a picture is not sent: nobody wants it any more")
            self.frames_dropped += 1
            return None
        return frame
