"""What a session tells about being resumed: not now, or by this handle."""

import asyncio

from daemon.offline.service.context import Context
from daemon.offline.service.faults import ConnectionFaults
from daemon.offline.service.handles import Handles
from daemon.offline.service.limits import Lifetime
from daemon.offline.wire import server_messages
from daemon.offline.wire.client_socket import Link


class Resumption:
    """Tells a client that asked for it whether and how its session can be resumed."""

    def __init__(
        self, link: Link, handles: Handles, lifetime: Lifetime, faults: ConnectionFaults, tasks: asyncio.TaskGroup
    ) -> None:
        self._link = link
        self._handles = handles
        self._lifetime = lifetime
        self._faults = faults
        self._tasks = tasks
        self._late: set[asyncio.Task[None]] = set()

    async def suspend(self) -> None:
        """While the model generates or waits for tools, it cannot."""
        await self._link.send(server_messages.resumption_update(""))

    async def offer(self, context: Context) -> None:
        """A handle for the conversation as it is now; often after `turnComplete`, as with the service.

        Source: python-genai #2527.
        """
        handle = self._handles.issue(context.entries, self._lifetime.age_s, lambda: self._link.usable)
        if self._faults.handle_delay_ms:
            task = self._tasks.create_task(self._send_late(handle))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        else:
            await self._send(handle)

    def close(self) -> None:
        """Send nothing more."""
        for task in self._late:
            task.cancel()

    async def _send_late(self, handle: str) -> None:
        await self._link.sleep(self._faults.handle_delay_ms / 1000)
        await self._send(handle)

    async def _send(self, handle: str) -> None:
        for _ in range(2 if self._faults.repeat_handle else 1):
            await self._link.send(server_messages.resumption_update(handle))
