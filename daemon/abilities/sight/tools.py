"""The tools that let the model see: `look` sends one picture, `watch` one a second for a while.

What may leave is decided behind `Showing`, not here; the camera is on only while a picture is being taken.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Annotated, Final, Protocol

from pydantic import Field

from daemon.errors import HardwareError, PipitError
from daemon.tools.tool import Answer, Tool
from hardware.base import Camera, Picture

LONGEST_LOOK_S: Final = 8.0
"""A tool has ten seconds, and the camera needs some of them to start and stop; the settings allow `watch` no more."""


class Showing(Protocol):
    """The way of a picture to the model; see `daemon.abilities.sight.viewfinder`."""

    when_stopped: Callable[[], None] | None
    """Called when nothing may be shown any more, in the midst of it."""

    def wait_s(self) -> float | None:
        """How long until a picture may be taken; None if none may, or none any more."""
        ...

    def show(self, picture: Picture) -> bool:
        """Send it, or don't: whether it may leave."""
        ...

    def camera_is(self, *, on: bool) -> None:
        """The camera was switched on or off: the light has to tell."""
        ...


class NotShown(PipitError):
    """A picture was not sent, because it may not be."""


def camera_tools(camera: Camera, showing: Showing, *, look: bool, watch_s: float) -> list[Tool]:
    """`look`, if wanted, and `watch` for up to `watch_s` seconds, 0 for none."""
    eyes = _Eyes(camera, showing, watch_s)
    return [*([Tool.of(eyes.look)] if look else []), *([Tool.of(eyes.watch)] if watch_s else [])]


class _Eyes:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, camera: Camera, showing: Showing, watch_s: float) -> None:
        self._camera = camera
        self._showing = showing
        self._watch_s = watch_s
        self._one = asyncio.Lock()  # there is one camera, and calls may be parallel

    async def look(self) -> Answer:
        """See what is in front of the camera now. Call it whenever the user asks about something that can be seen. The
        picture comes with the next message, after the result: say nothing about it before."""
        shown = 0
        async with self._switched_on(LONGEST_LOOK_S):
            shown += await self._show_one()
        if not shown:
            raise _refused()
        return {"ok": True, "pictures": 1, "next": "the picture comes with the next message; wait for it"}

    async def watch(
        self,
        seconds: Annotated[
            float, Field(description="How long to watch. It is cut to what the household allows.", ge=1, le=60)
        ],
    ) -> Answer:
        """Watch what happens in front of the camera for some seconds, one picture a second. Only when one look is not
        enough, as for a movement. Answer when the message after the result asks for it."""
        shown, failure = 0, ""
        try:
            async with self._switched_on(min(seconds, self._watch_s)):
                while await self._show_one():
                    shown += 1
        except HardwareError as error:
            if not shown:
                raise
            failure = error.message
        if not shown:
            raise _refused()
        answer = {"ok": True, "pictures": shown, "next": "answer when the next message asks for it"}
        return answer | ({"ended_early": failure} if failure else {})

    async def _show_one(self) -> bool:
        """Wait until a picture may be taken, take it and send it; whether that was so."""
        wait_s = self._showing.wait_s()
        if wait_s is None:
            return False
        await asyncio.sleep(wait_s)
        return self._showing.show(await self._camera.frame())

    @asynccontextmanager
    async def _switched_on(self, longest_s: float) -> AsyncIterator[None]:
        """The camera. After `longest_s`, or when nothing may be shown any more, the block ends where it is."""
        async with self._one:
            if self._showing.wait_s() is None:
                raise _refused()  # before the camera is switched on for nothing
            self._showing.camera_is(on=True)  # before it is: the light must not lag behind
            try:
                async with self._camera:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(longest_s) as limit:
                            self._showing.when_stopped = partial(_end_now, limit)
                            try:
                                yield
                            finally:
                                self._showing.when_stopped = None
            finally:
                self._showing.camera_is(on=False)


def _end_now(limit: asyncio.Timeout) -> None:
    if not limit.expired():
        limit.reschedule(0)


def _refused() -> NotShown:
    return NotShown("no picture was sent: it was stopped", fix="do not try again unless the user asks for it")
