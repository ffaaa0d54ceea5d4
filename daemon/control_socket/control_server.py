"""Serves the control socket: few connections at a time, short requests, each within its deadline."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

from daemon.control_socket.control_lines import (
    LONGEST_BYTES,
    ControlError,
    line_of,
    read_request,
    refusal,
    too_long,
    verb_of,
)
from daemon.control_socket.peer import check, peer_of
from daemon.control_socket.socket_file import listening_at
from daemon.errors import PipitError, place_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from daemon.control_socket.peer import Peer
    from daemon.tools.tool import Answer

    Verbs = Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Answer]]]

MOST: Final = 8
"""Connections at a time."""
IDLE_S: Final = 10.0
"""From one request to the end of the next."""
REQUEST_S: Final = 10.0
"""For what a request asks, and for the way of its answer."""
PAUSE_S: Final = 1.0
"""When no connection can be accepted, as without file descriptors."""
PIECE_BYTES: Final = 4_096

log = logging.getLogger(__name__)


class ControlServer:
    """Who may connect: root, the user of the service, and the group of the socket's file."""

    def __init__(
        self,
        path: Path,
        verbs: Callable[[], Verbs],
        *,
        who: Callable[[socket.socket], Peer] = peer_of,
        idle_s: float = IDLE_S,
        request_s: float = REQUEST_S,
    ) -> None:
        """The first request makes the `verbs`, off the loop. Each checks its arguments; it says no by a PipitError."""
        self._path = path
        self._make_verbs = verbs
        self._verbs: Verbs | None = None
        self._who = who
        self._idle_s = idle_s
        self._request_s = request_s
        self.present = 0
        """Connections."""
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Serve until cancelled. Where there can be no socket, that is logged: the appliance works without."""
        try:
            with listening_at(self._path) as door:
                self._group_id = self._path.stat().st_gid
                self.listening.set()
                async with asyncio.TaskGroup() as group:
                    await self._let_in(door, group)
        except ControlError as error:
            log.warning("no control socket: %s", error)

    async def _let_in(self, door: socket.socket, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(door)
            except OSError as error:
                log.warning("nobody can be let in: %s", error.strerror)
                await asyncio.sleep(PAUSE_S)
                continue
            connection.settimeout(0)
            if refused := self._why_not(connection):
                with connection, suppress(OSError):
                    connection.send(line_of(refusal(refused)))
                continue
            self.present += 1
            group.create_task(self._serve(connection))

    def _why_not(self, connection: socket.socket) -> ControlError | None:
        try:
            check(self._who(connection), owner=os.geteuid(), group=self._group_id)
        except ControlError as error:
            log.warning("the control socket refuses: %s", error.message)
            return error
        except OSError:  # gone already
            return ControlError("nobody knows who asks", fix="ask again", exit_status=os.EX_NOPERM)
        if self.present >= MOST:
            what = f"{MOST} others are controlling this appliance"
            return ControlError(what, fix="try again when one of them has finished", exit_status=os.EX_TEMPFAIL)
        return None

    async def _serve(self, connection: socket.socket) -> None:
        """One request after the other. Who breaks off or says nothing in time is left alone."""
        try:
            with connection, suppress(OSError):  # TimeoutError is one
                lines = _Lines(connection)
                await self._known()  # whoever asks first does not lose by it the time for an answer
                while (line := await self._next(lines)) is not None:
                    async with asyncio.timeout(2 * self._request_s):
                        await _send(connection, await self.answer(line))
        except ControlError as error:
            log.info("a request over the control socket is refused: %s", error.message)
        finally:
            self.present -= 1

    async def _next(self, lines: _Lines) -> bytes | None:
        """Raises ControlError, TimeoutError, OSError."""
        async with asyncio.timeout(self._idle_s):
            return await lines.next()

    async def _known(self) -> Verbs:
        if self._verbs is None:
            self._verbs = await asyncio.to_thread(self._make_verbs)
        return self._verbs

    async def answer(self, line: bytes) -> bytes:
        """The line that answers a line: always one, within the deadline."""
        try:
            asked = read_request(line)
            act = verb_of(asked, await self._known())
            async with asyncio.timeout(self._request_s):
                return line_of(await act(asked.arguments))
        except PipitError as error:
            return line_of(refusal(error))
        except TimeoutError:
            what = f"it was not done within {self._request_s:g} s"
            return line_of(refusal(ControlError(what, fix="try again later", exit_status=os.EX_TEMPFAIL)))
        except Exception as error:  # noqa: BLE001 - whatever a verb does wrong, its request is answered
            log.error("a request failed: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400
            what = "it failed because of an internal fault"
            return line_of(refusal(ControlError(what, fix="journalctl -u pipit", exit_status=os.EX_SOFTWARE)))


class _Lines:
    """What arrives, by lines; no more of it is read than one request may have."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._read = b""

    async def next(self) -> bytes | None:
        """None at the end; a line that is not ended is none. Raises ControlError, having said so; OSError."""
        loop = asyncio.get_running_loop()
        while b"\n" not in self._read:
            if len(self._read) >= LONGEST_BYTES:
                await self._refuse()
            piece = await loop.sock_recv(self._connection, PIECE_BYTES)
            if not piece:
                return None
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        if len(line) >= LONGEST_BYTES:
            await self._refuse()
        return line

    async def _refuse(self) -> NoReturn:
        """What follows of the request would be taken for another: the connection ends."""
        await _send(self._connection, line_of(refusal(too_long())))
        raise too_long()


async def _send(connection: socket.socket, line: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(connection, line)
