"""The appliance's end of the socket to the brain at home: several requests at a time, each with its own answers."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from daemon.at_home.frames import Frame, read, written
from daemon.conversation.causes import Cause
from daemon.conversation.no_session import NoSession


class HomeSilent(NoSession):
    """The brain at home cannot be started, or has ended."""

    cause = Cause.HOME


class Line:
    """`run` reads until the process is gone; what is asked after that, or not answered by then, raises HomeSilent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Queue[Frame | None]] = {0: asyncio.Queue()}
        self._why = "it ended"
        self.over = False

    async def run(self) -> None:
        """One task, as long as the process lives; `close` it then."""
        while frame := await read(self._reader):
            if queue := self._waiting.get(int(frame.said.get("number", 0))):
                queue.put_nowait(frame)

    def close(self) -> None:
        """The process sees it, and ends."""
        self.over = True
        self._writer.close()
        for queue in self._waiting.values():
            queue.put_nowait(None)

    async def until_ready(self) -> None:
        """It has loaded what it needs. Raises HomeSilent if it cannot."""
        frame = await self._waiting[0].get()
        if frame is None or frame.kind != "ready":
            why = str(frame.said["why"]) if frame else self._why
            raise HomeSilent(f"the brain at home does not start: {why}", fix="run pipit doctor")

    async def ask(self, kind: str, said: dict[str, Any], sound: bytes) -> AsyncIterator[Frame]:
        """What is said of a request, up to its end; who stops listening, stops it. Raises HomeSilent."""
        number, queue = next(self._numbers), asyncio.Queue[Frame | None]()
        self._waiting[number] = queue
        ended = False
        try:
            self.say(Frame(kind, {**said, "number": number}, sound))
            while not ended:
                frame = await queue.get()
                if frame is None or frame.kind == "failed":
                    ended = True
                    why = str(frame.said["why"]) if frame else self._why
                    raise HomeSilent(f"the brain at home has failed: {why}", fix="run pipit doctor")
                ended = frame.kind in {"done", "read"}
                yield frame
        finally:
            del self._waiting[number]
            if not ended and not self.over:
                self.say(Frame("stop", {"number": number}))

    def say(self, frame: Frame) -> None:
        """Say something more of a request. Raises HomeSilent if nobody is there."""
        if self.over:
            raise HomeSilent(f"the brain at home is not there: {self._why}", fix="run pipit doctor")
        self._writer.write(written(frame))
