"""A conversation as a telephone line: one turn at a time, each awaited to its end, over as many sessions as it takes.

A session that is lost between turns, or that the service is about to end, is replaced when the next turn begins: nobody
pays for a line that nobody uses. One that is lost before anything came of a turn is replaced at once, as the appliance
does (decision 0014), and the turn asked again.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from daemon.chat.turn_and_reply import Exchange
from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionEnding, SessionLost, SessionOpened, ToolCancelled, ToolRequested
from daemon.conversation.messages import HandleIssued, Transcribed
from daemon.conversation.rules import Rules
from daemon.live.making import sessions_told
from daemon.live.redial import Redial
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from daemon.speech.meanings import SessionFailed
from daemon.tools.calls import Calls
from daemon.tools.tool import Toolbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.tool_call import ToolCall
    from daemon.conversation.witness import Witness
    from daemon.live.making import LiveSessionMaker
    from daemon.live.options import LiveOptions
    from daemon.live.session import LiveSession
    from daemon.sound.pcm import Samples
    from daemon.tools.tool import Answer

REPLY_DEADLINE_S: Final = 60.0
"""For a whole reply, and for the session to open."""

NO_TOOLS: Final = "there are no tools here"
INTERRUPTED: Final = "the user interrupted: it was stopped"


class Line:
    """Made by `connected`; the loop's thread only."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        make_session: LiveSessionMaker,
        ring: AudioRing,
        *,
        witnesses: Sequence[Witness] = (),
        household: Sequence[Witness] = (),
        toolbox: Toolbox | None = None,
        deadline_s: float = REPLY_DEADLINE_S,
        redial: Redial | None = None,
    ) -> None:
        """`make_session` makes each session, when it opens; the witnesses see what all of them say.

        Those of the `household` besides what is typed, as if it had been said.
        """
        self.uplink = Uplink(ring)
        self.exchange = Exchange()
        """The present turn, or the last."""
        self._group = group
        self._make_session = make_session
        self._witnesses = (*witnesses, *household)
        self._household = household
        self._has_tools = toolbox is not None
        self._deadline_s = deadline_s
        self._redial = redial or Redial(time.monotonic, random.random)
        self._session: LiveSession | None = None
        self._running: asyncio.Task[None] | None = None  # the newest session, until its socket is closed
        self._opened = False
        self._remembered = 0  # the turn after whose end a handle came last
        self._leaving = False  # the service announced the session's end
        self._lost: SessionLost | None = None
        self._calls = Calls(
            toolbox or Toolbox(()),
            start=group.create_task,
            dispatch=lambda _: None,
            on_answer=self._answered,
        )
        self._news = asyncio.Event()

    # Turns

    async def opened(self) -> None:
        """Open the first session. Raises SessionFailed."""
        self._open(self._redial.wait_s() or 0.0)
        async with self._deadline():
            if lost := await self._lost_before(lambda: self._opened):
                raise SessionFailed(lost)

    async def ask_in_writing(self, text: str) -> Exchange:
        """Raises SessionFailed."""
        self._begin(text)
        self._send_text()
        return await self.reply()

    async def ask_aloud(self, samples: int) -> Exchange:
        """The first `samples` samples of the ring are the turn. Raises SessionFailed."""
        self.start_speech(0)
        self.end_speech(samples)
        return await self.reply()

    def start_speech(self, from_sample: int) -> None:
        """A turn begins at this position of the ring, and goes up as it is captured."""
        self._begin()
        self.uplink.start(self.exchange.turn, from_sample)

    def end_speech(self, at_sample: int) -> None:
        """It ends there; `reply` is due."""
        self.uplink.end(self.exchange.turn, at_sample)

    async def reply(self) -> Exchange:
        """The turn with its whole reply. Raises SessionFailed."""
        exchange = self.exchange
        async with self._deadline():
            while lost := await self._lost_before(lambda: exchange.complete):
                again = lost.cause.passing and exchange.untouched and exchange.reopened < Rules().reopenings
                wait_s = self._redial.wait_s() if again else None
                if wait_s is None:
                    raise SessionFailed(lost)
                exchange.ask_again()
                self._open(wait_s)
                self._send_text()
        self._redial.answered()
        return exchange

    async def usage(self, patience_s: float) -> None:
        """Wait for the count of what the turn used, which comes with its end or some time after it."""
        await self._for(patience_s, lambda: bool(self.exchange.usage))

    async def remembered(self, patience_s: float) -> None:
        """Wait for the handle to the conversation with this turn in it; it comes after the turn's end."""
        await self._for(patience_s, lambda: self._session is None or self._remembered == self.exchange.turn)

    async def _for(self, patience_s: float, condition: Callable[[], bool]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._lost_before(condition)

    def stop_calls(self) -> None:
        """Somebody interrupts: what the model waits for is stopped, taken back and answered (decision 0022)."""
        if self._session and self._session.waits:
            self._calls.cancel_all(undo=True, reason=INTERRUPTED)

    def hang_up(self) -> None:
        """End the session, and with it whatever is being said or done; the next turn opens another."""
        self._calls.cancel_all()
        if self._session:
            self._session.close()
        self._session = None
        self._opened = self._leaving = False

    # Sessions

    def _begin(self, text: str = "") -> None:
        self.exchange = Exchange(self.exchange.turn + 1, text)
        for witness in self._household:
            witness.received(Transcribed(self.exchange.turn, "user", text))
        if self._leaving:
            self.hang_up()
        if self._session is None:
            wait_s = self._redial.wait_s()
            if wait_s is None:  # the reply says so
                self._lost = SessionLost(Cause.OVERLOADED, "too many sessions have ended within a minute")
            else:
                self._open(wait_s)

    def _send_text(self) -> None:
        """Ask the turn, if it is a written one; a spoken one is sent by the uplink."""
        if self._session and self.exchange.asked:
            self._session.send_text(self.exchange.turn, self.exchange.asked)

    def _open(self, wait_s: float = 0.0) -> None:
        self._lost = None
        self._calls.forget()
        self._session = session = self._make_session(self.uplink, self._received)
        self._running = self._group.create_task(run_after(self._running, session, wait_s))

    def _received(self, message: SessionMessage) -> None:
        for witness in self._witnesses:
            witness.received(message)
        self.exchange.received(message)
        match message:
            case SessionOpened():
                self._opened = True
            case HandleIssued() if self.exchange.complete:
                self._remembered = self.exchange.turn
            case SessionEnding():
                self._redial.renewed()
                self._leaving = True
            case SessionLost():
                self._redial.failed()
                self._calls.cancel_all()
                self._lost, self._session = message, None
                self._opened = self._leaving = False
            case ToolRequested(call) if self._has_tools:
                self._calls.run(call, self._session)
            case ToolRequested(call):
                self._calls.refuse(call, self._session, NO_TOOLS)
            case ToolCancelled(ids):
                self._calls.cancel(ids, undo=True)
        self._news.set()

    async def _lost_before(self, condition: Callable[[], bool]) -> SessionLost | None:
        """Returns when `condition` holds, or with the loss of the session if that comes first."""
        while not condition():
            if lost := self._lost:
                return lost
            self._news.clear()
            await self._news.wait()
        return None

    @asynccontextmanager
    async def _deadline(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except TimeoutError:
            raise SessionFailed(SessionLost(Cause.NO_REPLY)) from None

    def _answered(self, call: ToolCall, answer: Answer) -> None:
        self.exchange.answered(call, answer)
        for witness in self._witnesses:
            witness.answered(call, answer)


class Runs(Protocol):
    """What is asked of a session here."""

    async def run(self) -> None: ...


async def run_after(before: asyncio.Task[None] | None, session: Runs, wait_s: float) -> None:
    """Run the session, once the one before it is gone: the service resumes none that is open."""
    if before:
        await asyncio.wait([before])
    await asyncio.sleep(wait_s)
    await session.run()


@asynccontextmanager
async def connected(
    options: Callable[[], LiveOptions],
    ring: AudioRing | None = None,
    *,
    witnesses: Sequence[Witness] = (),
    household: Sequence[Witness] = (),
    toolbox: Toolbox | None = None,
    deadline_s: float = REPLY_DEADLINE_S,
    redial: Redial | None = None,
) -> AsyncIterator[Line]:
    """An open line, each of whose sessions is told `options`; what is in `ring` can be asked aloud.

    Raises SessionFailed, in a group.
    """
    async with asyncio.TaskGroup() as group:
        line = Line(
            group,
            sessions_told(options),
            ring or AudioRing(1),
            witnesses=witnesses,
            household=household,
            toolbox=toolbox,
            deadline_s=deadline_s,
            redial=redial,
        )
        try:
            await line.opened()
            yield line
        finally:
            line.hang_up()


def ring_of(speech: Samples) -> AudioRing:
    """Speech that is all there already, 16 kHz, at least one sample."""
    ring = AudioRing(len(speech))
    ring.append(speech)
    return ring
