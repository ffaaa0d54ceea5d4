"""One session of a device with the home server: passed on to the service, or held by a brain of this machine."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import BudgetSpent
from daemon.errors import PipitError
from daemon.home_server.device_line import DeviceLine
from daemon.home_server.frame_relay import relayed
from daemon.home_server.goodbye import Ended, say_goodbye
from daemon.home_server.house_book import SPENT
from daemon.home_server.service_opening import NoService, asked_by
from daemon.offline.service.faults import ConnectionFaults
from daemon.offline.session.served_session import Session
from daemon.offline.wire.client_socket import Link
from daemon.offline.wire.mapping import INTERNAL_ERROR, WireError
from daemon.offline.wire.records import SessionRecord

if TYPE_CHECKING:
    from daemon.home_server.doorkeeper import Doorkeeper
    from daemon.home_server.house_book import HouseBook
    from daemon.home_server.service_opening import Asked, Service
    from daemon.offline.session.served_session import House
    from daemon.offline.wire.access import Admission, Visitor
    from daemon.offline.wire.pings import PatientConnection

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Relay:
    """What a session that is passed on takes: `admission` knows the models that this house pays for."""

    service: Service
    book: HouseBook
    admission: Admission
    patience_s: float


@dataclass(frozen=True)
class Guest:
    """Who is on a connection."""

    device: str
    visitor: Visitor


class HomeSessions:
    """Holds sessions by `relay`, and where there is none, or it cannot, by the brain of `local`."""

    def __init__(self, doorkeeper: Doorkeeper, relay: Relay | None, local: House | None) -> None:
        self._doorkeeper = doorkeeper
        self._relay = relay
        self._local = local
        self._number = 0

    async def hold(self, client: PatientConnection, guest: Guest) -> None:
        """From the handshake to the goodbye. Of what is said nothing is logged, nor of why a side ended it."""
        try:
            async with self._doorkeeper.places.taken(guest.device, DeviceLine(client)):
                end = await self._held(client, guest)
        except Ended as ended:
            end = ended
        except WireError as error:
            end = Ended(error.code, error.reason)
        await say_goodbye(client, end)
        log.info("%s: its session ended (%d)", guest.device, client.close_code or end.code)

    async def _held(self, client: PatientConnection, guest: Guest) -> Ended:
        asked = await asked_by(client)
        if self._relay is None:
            return await self._answer_here(client, guest, asked)
        if refusal := self._relay.admission.refusal(guest.visitor, asked.model):
            return Ended(refusal.code, refusal.message)
        try:
            return await self._pass_on(self._relay, client, guest, asked)
        except NoService as failure:
            if self._local is None or failure.of_the_client:
                log.warning("%s: the service has no session (%s)", guest.device, failure.cause.value)
                return failure.end
            log.warning("%s: the service has no session (%s), this machine answers", guest.device, failure.cause.value)
        return await self._answer_here(client, guest, asked)

    @staticmethod
    async def _pass_on(relay: Relay, client: PatientConnection, guest: Guest, asked: Asked) -> Ended:
        """Raises NoService."""
        try:
            relay.book.budget.check()
        except BudgetSpent:
            raise NoService(Cause.BUDGET, Ended(INTERNAL_ERROR, SPENT)) from None
        async with relay.service.opened(guest.visitor.api_version, asked) as opened:
            log.info("%s: a session with %s begins", guest.device, asked.model)
            pages = relay.book.session(guest.device, asked.model)
            end = await relayed(client, opened.line, first=opened.first, patience_s=relay.patience_s, look=pages.look)
            return opened.told(end)

    async def _answer_here(self, client: PatientConnection, guest: Guest, asked: Asked) -> Ended:
        assert self._local  # noqa: S101 - without a relay there is one
        self._number += 1
        log.info("%s: a session with the brain of this machine begins", guest.device)
        record = SessionRecord(self._number, "")
        link = Link(client, record, time.monotonic, asyncio.sleep, keep=False, taken=(asked.frame,))
        end = Ended(1000)
        try:
            await Session(self._local, link, guest.visitor, ConnectionFaults()).run()
        except* PipitError as group:
            log.error("%s: the brain of this machine failed: %s", guest.device, _first(group))  # noqa: TRY400
            end = Ended(INTERNAL_ERROR, "Internal error encountered.")
        return end


def _first(group: BaseExceptionGroup[PipitError]) -> PipitError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
