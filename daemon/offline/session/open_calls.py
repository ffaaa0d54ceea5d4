"""The function calls of a session that wait for an answer: those the model waits for, and those it goes on without."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from daemon.offline.service.faults import Answered, BackgroundCall
from daemon.offline.service.profiles import Profile
from daemon.offline.wire import server_messages
from daemon.offline.wire.client_messages import FunctionAnswer, Scheduling
from daemon.offline.wire.client_socket import Link

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """The answer to a call that the model did not wait for, complete."""

    answer: Mapping[str, Any]
    scheduling: Scheduling
    answered: Answered
    """What the model makes of it."""


@dataclass(frozen=True)
class Asked:
    """A call that the model waits for."""

    answer: Awaitable[Mapping[str, Any]]
    sent: bool
    """Whether its message was sent for it, not for another call that took it along."""


@dataclass
class _Open:
    """A call without its last answer. Either someone waits for it, or it is known what to do with it."""

    waiting: asyncio.Future[Mapping[str, Any]] | None = None
    answered: Answered | None = None
    parts: dict[str, Any] = field(default_factory=dict)


class ToolCalls:
    """Sends calls and takes answers. An answer in several parts (`willContinue`) is their items taken together."""

    def __init__(self, link: Link, profile: Profile, random: Random) -> None:
        self._link = link
        self._profile = profile
        self._random = random
        self._open: dict[str, _Open] = {}
        self._unsent: dict[str, Mapping[str, Any]] = {}

    @property
    def waiting(self) -> list[str]:
        """The ids of the calls that the model waits for, oldest first."""
        return [call_id for call_id, call in self._open.items() if call.waiting and not call.waiting.done()]

    @property
    def in_background(self) -> bool:
        """Whether an answer is to come that the model does not wait for."""
        return any(call.answered for call in self._open.values())

    def fresh_id(self) -> str:
        return self._profile.call_id(self._random)

    @asynccontextmanager
    async def asking(self, name: str, arguments: Mapping[str, Any]) -> AsyncIterator[Asked]:
        """Ask the client. With the context the call ends, answered or not.

        Calls that are begun at the same time go in one message.
        """
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        call_id = self.fresh_id()
        self._open[call_id] = _Open(waiting=answer)
        self._unsent[call_id] = server_messages.function_call(call_id, name, arguments)
        try:
            await asyncio.sleep(0)
            yield Asked(answer, await self._send_together())
        finally:
            del self._open[call_id]
            self._unsent.pop(call_id, None)

    async def _send_together(self) -> bool:
        """Send what was not sent; False if nothing is left, for the first of several calls takes the others along."""
        calls, self._unsent = self._unsent, {}
        if calls:
            await self._link.send(server_messages.tool_call(*calls.values()))
        return bool(calls)

    async def ask_in_background(self, call: BackgroundCall) -> None:
        """Ask the client, and wait for nothing."""
        call_id = self.fresh_id()
        self._open[call_id] = _Open(answered=call.answered)
        await self._link.send(server_messages.tool_call(server_messages.function_call(call_id, call.name, call.args)))

    def answer(self, answer: FunctionAnswer) -> Result | None:
        """Take a client's answer; a result if it completes a call that nobody waits for.

        One that is unknown or late changes nothing.
        """
        call = self._open.get(answer.id)
        if call is None or (call.waiting and call.waiting.done()):
            logger.debug("answer to unknown function call %s ignored", answer.id)
            return None
        call.parts.update(answer.response)
        if answer.will_continue:
            return None
        if call.waiting:
            call.waiting.set_result(call.parts)
            return None
        del self._open[answer.id]
        return Result(call.parts, answer.scheduling, call.answered) if call.answered else None
