"""Opens and closes the sessions of an appliance: one at a time, and none before its time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.causes import Cause
from daemon.conversation.events import ReplyStarted, SessionEnding, SessionLost, ToolRequested
from daemon.conversation.no_session import NoSession
from daemon.errors import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from daemon.conversation.messages import SessionMessage
    from daemon.live.asked import Session, SessionMaker
    from daemon.live.redial import Redial
    from daemon.live.uplink import Uplink

FAREWELL_S: Final = 2.0
"""How long a stop waits for sessions to be closed as ones that are done; systemd allows ten seconds in all."""

log = logging.getLogger(__name__)


class Dialling:
    """`start` runs a task beside everything else; `lost` is told why there is no session, once the caller is done."""

    def __init__(
        self,
        make_session: SessionMaker,
        uplink: Uplink,
        *,
        on_message: Callable[[SessionMessage], None],
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        lost: Callable[[SessionLost], object],
        redial: Redial,
        make_at_home: SessionMaker | None = None,
    ) -> None:
        self.session: Session | None = None
        """The one that is open, or about to be."""
        self._at_home = False  # it is one with the brain at home
        self._make_session, self._make_at_home = make_session, make_at_home
        self._uplink, self._on_message = uplink, on_message
        self._start, self._lost, self._redial = start, lost, redial
        self._farewells: set[asyncio.Task[None]] = set()  # of sessions that are open, or saying goodbye

    def _open_at_home(self) -> None:
        """Who has not yet said goodbye is no matter to it, nor is how often it is opened."""
        if self._make_at_home is None:
            self._soon_lost(Cause.HOME, "there is no brain at home")
            return
        self.session = session = self._make_at_home(self._uplink, self._on_message)
        task = self._start(session.run())
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def open(self, *, at_home: bool = False) -> None:
        """A new session, with the service or the brain at home, or the reason why there is none."""
        self._at_home = at_home
        if at_home:
            self._open_at_home()
        else:
            self._open_service()

    def _open_service(self) -> None:
        try:
            self.session = session = self._make_session(self._uplink, self._on_message)
        except NoSession as error:
            self._soon_lost(error.cause, str(error))
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request may find it mended
            self._soon_lost(Cause.LOST, f"it cannot be made ({type(error).__name__} at {place_of(error)})")
            return
        wait_s = self._redial.wait_s()
        if wait_s is None:
            self._soon_lost(Cause.OVERLOADED, "too many sessions have ended within a minute")
            return
        task = self._start(_run_session(session, wait_s, tuple(self._farewells)))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def close(self) -> None:
        """End the session, if there is one, and with it what was to be sent."""
        if self.session:
            self.session.close()
        self.session = None
        self._uplink.abandon()

    def leave(self) -> None:
        """End the session, and leave to the next what it has not taken."""
        if self.session:
            self.session.leave()
        self.session = None

    def heard(self, message: SessionMessage) -> bool:
        """What a session says of how it goes decides how soon the next may be opened; whether the service answers."""
        if self._at_home:
            return False
        if isinstance(message, SessionLost):
            self._redial.failed()
        elif isinstance(message, SessionEnding):
            self._redial.renewed()
        elif isinstance(message, ReplyStarted | ToolRequested):
            self._redial.answered()
            return True
        return False

    def found(self) -> None:
        """The service was sought, and can be reached: the next session need not wait for its turn."""
        self._redial.found()

    async def farewell(self) -> None:
        """Wait until all sessions are gone, but not for long."""
        if self._farewells:
            await asyncio.wait(self._farewells, timeout=FAREWELL_S)

    def _soon_lost(self, cause: Cause, why: str) -> None:
        log.warning("no session: %s", why)
        self.session = None
        self._lost(SessionLost(cause, why))


async def _run_session(session: Session, wait_s: float, before: Sequence[asyncio.Task[None]]) -> None:
    """Wait a little if need be, and until the sessions before are gone: the service resumes none that is open."""
    if before:
        await asyncio.wait(before, timeout=FAREWELL_S)
    await asyncio.sleep(wait_s)
    await session.run()
