"""The brain at home as the appliance has it: a process that is started when it is needed, and ended when it is not."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from daemon.at_home.frames import LONGEST_LINE_BYTES
from daemon.at_home.home_line import HomeSilent, Line
from hardware.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from typing import Any, TypeAlias

    from daemon.sound.pcm import Samples

    Start: TypeAlias = Callable[[socket.socket], Awaitable["Process"]]

START_S: Final = 30.0
"""For a small Pi with a slow card, which has to read Python and the models."""

log = logging.getLogger(__name__)


class Process(Protocol):
    """What is asked of a process; see `asyncio.subprocess.Process`."""

    async def wait(self) -> int: ...
    def kill(self) -> None: ...


class HomeBrain:
    """`start` gets its end of the socket, and may raise OSError.

    With `keep` it stays when it was loaded once; else it goes `idle_s` after it was last used.
    """

    def __init__(self, start: Start, *, keep: bool, idle_s: float) -> None:
        self._start, self._keep, self._idle_s = start, keep, idle_s
        self._line: Line | None = None
        self._opening: asyncio.Task[Line | HomeSilent] | None = None
        self._users = 0
        self._idle: asyncio.TimerHandle | None = None
        self._group: asyncio.TaskGroup | None = None

    @property
    def loaded(self) -> bool:
        return self._line is not None and not self._line.over

    async def run(self) -> None:
        """Beside the appliance, as long as that lives."""
        async with asyncio.TaskGroup() as self._group:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                if self._opening:
                    self._opening.cancel()
                if self._line:
                    self._line.close()

    async def load(self) -> bool:
        """Have it loaded now, if it is to stay. Whether it is."""
        if self._keep:
            with suppress(HomeSilent):  # that is told when it is needed
                await self.line()
        return self.loaded

    async def prepare(self) -> None:
        """Have it loaded, for as long as it is if it was asked something."""
        self.used()
        try:
            await self.line()
        except HomeSilent as error:
            log.debug("the brain at home is not prepared: %s", error)
        finally:
            self.unused()

    async def line(self) -> Line:
        """A line to the process, which is started if there is none; `used` and `unused` are told of who has it.

        Raises HomeSilent.
        """
        if self._line and not self._line.over:
            return self._line
        if self._group is None:
            raise HomeSilent("the brain at home is asked before the appliance runs", fix="report it")
        if self._opening is None or self._opening.done():
            self._opening = self._group.create_task(self._tried(self._group))
        opened = await asyncio.shield(self._opening)  # who gives up waiting does not start it anew next time
        if isinstance(opened, HomeSilent):
            raise opened
        self._line = opened
        return opened

    async def sure(self, request: Mapping[str, Any], samples: Samples) -> bool:
        """Whether it is sure of what was said; not, if it is not there."""
        return bool((await self._read("sure", request, samples)).get("sure"))

    async def words(self, samples: Samples) -> str:
        """What was said; empty, if it is not there."""
        return str((await self._read("words", {}, samples)).get("words", ""))

    async def _read(self, kind: str, request: Mapping[str, Any], samples: Samples) -> Mapping[str, Any]:
        self.used()
        try:
            line = await self.line()
            async for frame in line.ask(kind, dict(request), samples.astype("<i2", copy=False).tobytes()):
                if frame.kind == "read":
                    return frame.said
        except HomeSilent as error:
            log.debug("the brain at home cannot tell: %s", error)
        finally:
            self.unused()
        return {}

    async def _tried(self, group: asyncio.TaskGroup) -> Line | HomeSilent:
        """What failed is for who asked, not for the group."""
        try:
            return await self._opened(group)
        except HomeSilent as error:
            return error

    async def _opened(self, group: asyncio.TaskGroup) -> Line:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await self._start(theirs)
            except OSError as error:
                ours.close()
                why = f"the brain at home cannot be started: {error.strerror}"
                raise HomeSilent(why, fix="run pipit doctor") from None
        line = Line(*await asyncio.open_connection(sock=ours, limit=LONGEST_LINE_BYTES))
        group.create_task(self._attended(line, process))
        try:
            async with asyncio.timeout(START_S):
                await line.until_ready()
        except asyncio.CancelledError:
            line.close()
            raise
        except (HomeSilent, TimeoutError) as error:
            line.close()
            late = HomeSilent(f"the brain at home is not ready after {START_S:g} s", fix="run pipit doctor")
            failure = error if isinstance(error, HomeSilent) else late
            log.warning("%s", failure)
            raise failure from None
        log.info("the brain at home is loaded")
        return line

    @staticmethod
    async def _attended(line: Line, process: Process) -> None:
        """Until the process has ended, whoever wanted that. It has nothing to finish: it is killed."""
        try:
            await line.run()
            if not line.over:
                log.warning("the process of the brain at home has ended by itself")
        finally:
            line.close()
            with suppress(ProcessLookupError):
                process.kill()
            await _buried(process)

    def used(self) -> None:
        """Somebody needs it until `unused`."""
        self._users += 1
        if self._idle:
            self._idle.cancel()

    def unused(self) -> None:
        self._users -= 1
        if not self._users and not self._keep:
            self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._unload)

    def _unload(self) -> None:
        if self._line and not self._users:
            log.info("the brain at home is unloaded: nothing was asked of it for %g s", self._idle_s)
            self._line.close()


def starter(models: Path, memory_mb: int, environ: Mapping[str, str]) -> Start:
    """Starts the real process."""

    async def start(theirs: socket.socket) -> Process:
        number = theirs.fileno()
        arguments = ("-m", "daemon.at_home.brain_process", str(number), str(models), str(memory_mb))
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            pass_fds=(number,),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            env={**child_environment(environ), "OMP_NUM_THREADS": "1"},
        )

    return start


async def _buried(process: Process) -> None:
    """It was killed, so this takes no time worth speaking of: who is cancelled meanwhile goes when it is gone."""
    try:
        await process.wait()
    except asyncio.CancelledError:
        await _buried(process)
        raise
