"""One Live session from connecting to its end, as the conversation sees it.

Three tasks share the socket: one reads and never waits for anything else, one sends the user's speech, one sends text
and tool answers. A tool that takes long, or a socket that does not drain, therefore never keeps a message from being
read. Whatever ends the session ends as one `SessionLost`, or, after `close`, as nothing.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.causes import Cause
from daemon.conversation.events import (
    Interrupted,
    LineSilent,
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    SessionLost,
    SessionOpened,
    ToolCancelled,
    ToolRequested,
)
from daemon.conversation.messages import HandleRefused, ReplyAudio, ReplyText
from daemon.conversation.tool_call import ToolCall
from daemon.errors import place_of
from daemon.live.admission import REPEATED, objection
from daemon.live.checked import LONGEST_NAME, text_of
from daemon.live.outbox import (
    CONTROL_LIMIT,
    PARTS_LIMIT,
    Answer,
    Frame,
    FrameDue,
    Nudge,
    Outbox,
    Refusals,
    Text,
)
from daemon.live.profiles import profile_of, waits_for_tools
from daemon.live.silence import Silence
from daemon.live.tokens import API_VERSION
from daemon.live.unanswered import OwedCalls
from daemon.live.uplink import ActivityEnd, ActivityStart, Uplink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.genai import types

    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.tool_call import Scheduling
    from daemon.live.checked import Checker
    from daemon.live.connection import Connection
    from daemon.live.failures import Failure
    from daemon.live.incoming import Reader
    from daemon.live.options import LiveOptions

__all__ = ["CONTROL_LIMIT", "PARTS_LIMIT", "LiveSession", "preload"]

log = logging.getLogger(__name__)

RENEWAL_S: Final = 60.0
"""What is left of a token when its session is ended: as much as the service's own goAway leaves, a turn and more."""


async def preload(*, http: bool = True) -> None:
    """Import google.genai, in a thread: it takes half a second on a desktop and several on a small Pi.

    Without `http` it is of use for sessions alone, if it was not imported before.
    """
    await asyncio.to_thread(_load, http)


def _load(http: bool) -> None:
    importlib.import_module("daemon.live.sparing_import").import_sdk(http=http)
    importlib.import_module("daemon.live.connection").build_models()


class LiveSession:
    """`run` once; the other methods never block and may be called at any time, in the loop's thread.

    What they have to send waits in an `Outbox`, which says what of it may be dropped.
    """

    def __init__(self, options: LiveOptions, uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> None:
        self._options = options
        self._uplink = uplink
        self._on_message = on_message
        self._outbox = Outbox()
        self._owed = OwedCalls()
        self._profile = profile_of(options.live.model)
        self._waits = waits_for_tools(options.live.model, options.live.tools.waiting)
        self._silence = Silence(
            falls_silent=self._profile.falls_silent,
            may_end_empty=bool(options.live.dialog.proactive_audio)
            or options.live.turns.automatic,  # a service may find no speech
            nudge_after_s=options.nudge_after_s,
            nudge=lambda: self._outbox.put(Nudge()),
        )
        self._opened = False
        self._closed = False
        self._line_silent = False
        self._over = asyncio.Event()
        self._speech: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Connect, report `SessionOpened`, and stay until `close` or failure; the latter is reported.

        Connecting takes at most `connect_timeout_s`, closing `close_timeout_s`.
        """
        async with asyncio.TaskGroup() as group:
            talk = group.create_task(self._talk())
            await self._over.wait()
            if not self._opened:
                talk.cancel()

    def close(self) -> None:
        """End the session, or the attempt to open one. Nothing is reported any more, nothing more is sent."""
        self._uplink.abandon()
        self.leave()

    def leave(self) -> None:
        """As `close`, but what the service did not act upon is left to another session, from now on."""
        self._closed = True
        if self._speech:
            self._speech.cancel()  # now, and not with the others: two must not take from one uplink
        self._silence.broken()
        self._over.set()

    def send_text(self, turn: int, text: str) -> None:
        """Ask something in writing, as the user's turn number `turn`."""
        self._outbox.put(Text(turn, text))

    def send_frame(self, jpeg: bytes, wanted: Callable[[], bool]) -> None:
        """Show a picture, after what was sent before. `wanted` is asked right before it leaves."""
        self._outbox.put_frame(Frame(jpeg, wanted), open_=self._opened and not self._closed)

    @property
    def frames_dropped(self) -> int:
        """Pictures that were not sent: without a session, not wanted any more, or replaced by a newer one."""
        return self._outbox.frames_dropped

    @property
    def waits(self) -> bool:
        """Whether the model says nothing until its calls are answered."""
        return self._waits

    @property
    def takes_parts(self) -> bool:
        """Whether an answer may come in parts: a model that waits wants one, and some others give up at the first."""
        return self._profile.takes_parts and not self._waits

    def answer_tool(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None:
        """Answer a call; dropped if it was answered or cancelled before, is of another session, or this one is over.

        With `more` this is a part of the answer, and the call stays open. What a model that did not wait does with it
        is `scheduling`, or if that is None what the options say.
        """
        if self._over.is_set():
            log.info("the answer of %s is dropped: its session is over", self._name(call))
            return
        if call.id not in self._owed:
            log.info("the answer of %s is not wanted any more", self._name(call))
            return
        if more and not self._outbox.takes_parts:
            log.info("skipped a part of the answer of %s: %d messages wait", self._name(call), PARTS_LIMIT)
            return
        repeated = [] if more else self._owed.settled(call.id)
        self._outbox.put_answer(Answer(call, response, more, scheduling))
        if repeated:
            self._owed.refused()
            self._outbox.put_answer(Refusals([(call, REPEATED) for call in repeated]))

    def _name(self, call: ToolCall) -> str:
        """What the log calls it; a name that was not declared is the model's own words."""
        declared = {tool["name"] for tool in self._options.tools}
        return call.name if not declared or call.name in declared else "an unknown function"

    async def _talk(self) -> None:
        await preload()
        from daemon.live import failures  # not at the top: see preload
        from daemon.live.connection import connected
        from daemon.live.incoming import Reader

        failure: Failure | None = None
        try:
            options, lasts_s = await self._authorised()
            async with connected(options) as connection:
                self._open()
                reader = Reader(ends_when_idle=self._profile.ends_when_idle, checker=connection.checker)
                await self._exchange(connection, reader, lasts_s)
        except* failures.EXPECTED as errors:
            failure = failures.explain(errors, opened=self._opened, secret=self._options.api_key)
        if failure and failure.cause is Cause.TOKEN_REFUSED and self._options.tokens:
            self._options.tokens.refused()
        if failure and self._handle_is_at_fault(failure):
            await self._talk_anew(failure)
            return
        if failure and not self._closed:
            log.warning("session lost: %s (%s)", failure.cause.value, failure.detail)
            self._report(SessionLost(failure.cause, failure.detail))
        self._silence.broken()
        self._over.set()

    async def _authorised(self) -> tuple[LiveOptions, float | None]:
        """The options with what opens the session, and how many seconds that lasts; None is for ever.

        A token is for one session: it is asked for here, each time, while the user speaks on into the ring.
        """
        options = self._options
        if options.tokens is None:
            return options, None
        from daemon.live.failures import EXPECTED, SetupRefused

        try:
            token = await options.tokens.token(resuming=bool(options.handle))
        except EXPECTED:
            raise
        except Exception as error:  # noqa: BLE001 - it may hold a secret; what it is has to do
            what = f"no token can be had ({type(error).__name__} at {place_of(error)})"
            raise SetupRefused(what, fix="check [live.credential]") from None
        return replace(options.with_live(api_version=API_VERSION), api_key=token.name), token.lasts_s

    def _handle_is_at_fault(self, failure: Failure) -> bool:
        """Whether what was refused may be the conversation we asked for, rather than the asking."""
        refused = failure.cause in {Cause.MODEL_UNKNOWN, Cause.SETUP_REFUSED, Cause.OVERLOADED}
        return bool(self._options.handle) and not self._opened and not self._closed and refused

    async def _talk_anew(self, failure: Failure) -> None:
        log.info("the conversation cannot be resumed (%s): a new one begins", failure.detail)
        self._report(HandleRefused())
        self._options = replace(self._options, handle="")
        await self._talk()

    def _open(self) -> None:
        self._opened = True
        self._uplink.rewind()
        log.info("session open: %s", self._options.live.model)
        self._report(SessionOpened())

    async def _exchange(self, connection: Connection, reader: Reader, lasts_s: float | None) -> None:
        """Read and send until `close`; returns normally then, so that the socket is closed as one that is done."""
        async with asyncio.TaskGroup() as group:
            self._speech = group.create_task(self._send_speech(connection, reader))
            tasks = [
                self._speech,
                group.create_task(self._read(connection, reader)),
                group.create_task(self._send_control(connection, reader)),
            ]
            if lasts_s is not None:
                tasks.append(group.create_task(self._end_in_time(lasts_s)))
            await self._over.wait()
            for task in tasks:
                task.cancel()

    async def _end_in_time(self, lasts_s: float) -> None:
        """Before the token expires, which ends the session wherever it is, say what goAway would."""
        left_s = min(RENEWAL_S, lasts_s / 2)
        await asyncio.sleep(lasts_s - left_s)
        log.info("the session's token expires in %d s: another session takes over", left_s)
        self._report(SessionEnding(left_s))

    def _report(self, message: SessionMessage) -> None:
        if not self._closed:
            self._on_message(message)

    async def _read(self, connection: Connection, reader: Reader) -> None:
        async for message in connection.messages():
            refused: list[tuple[ToolCall, str]] = []
            for report in self._reports(message, connection, reader):
                if self._silence.hides(report, reader.turn):
                    self._silence.nudge(reader.turn)
                elif not isinstance(report, ToolRequested) or self._admits(report.call, refused):
                    self._note(report, reader.turn)
                    self._report(report)
            if refused:
                self._refuse(refused, connection.checker)
            await asyncio.sleep(0)  # a burst of messages is read without a pause: let the senders in between

    @staticmethod
    def _reports(message: types.LiveServerMessage, connection: Connection, reader: Reader) -> Sequence[SessionMessage]:
        try:
            return tuple(reader.read(message))
        except Exception as error:  # noqa: BLE001 - what is said may be in it, and one message is not worth a session
            connection.checker.note(f"a message ({type(error).__name__} at {place_of(error)})")
            return ()

    def _admits(self, call: ToolCall, refused: list[tuple[ToolCall, str]]) -> bool:
        """Whether `call` is run; else it is one of those `refused`, or waits until the one with its id is answered."""
        if reason := objection(call, len(self._owed)):
            log.debug("a call is not run: %s", reason)
            refused.append((ToolCall(call.id, text_of(call.name, LONGEST_NAME)), reason))
        elif call.id in self._owed:
            log.debug("a call is not run: one of its id awaits its answer")
            self._owed.repeated(call)
        else:
            return True
        return False

    def _refuse(self, calls: Sequence[tuple[ToolCall, str]], checker: Checker) -> None:
        """Answer calls of one message that are not run. Raises ProtocolFault if the service takes no answers."""
        from daemon.live.failures import ProtocolFault

        checker.note("a call")
        if not self._outbox.takes_refusals:
            raise ProtocolFault("the service calls faster than it takes answers", fix="try again")
        self._owed.refused()
        self._outbox.put_answer(Refusals(calls))

    def _note(self, report: SessionMessage, turn: int) -> None:
        """What the session itself must remember: who awaits an answer, and what need not be said again.

        A turn that led to a tool call counts as answered: said again to another session, it would act twice.
        """
        match report:
            case ToolRequested(call):
                self._owed.requested(call.id, awaited=self._waits and call.name not in self._options.showing)
                self._uplink.answered(turn)
                self._silence.broken(turn)
            case ToolCancelled(ids):
                self._owed.cancelled(ids)
            case ReplyStarted(answered) | ReplyComplete(answered):
                self._uplink.answered(answered)
                self._silence.broken(answered)
            case ReplyAudio(answered) | ReplyText(answered) | Interrupted(answered):
                self._silence.broken(answered)

    async def _send_speech(self, connection: Connection, reader: Reader) -> None:
        while True:
            message = await self._uplink.next_message()
            await self._owed.until_free()
            match message:
                case ActivityStart(turn):
                    self._silence.broken()
                    reader.speaking(turn)
                    if self._options.live.turns.automatic:  # the answer may come at any time from now on
                        reader.asked(turn)
                    await connection.start_activity()
                case ActivityEnd(turn):
                    if not self._options.live.turns.automatic:
                        reader.asked(turn)
                    await connection.end_activity()
                case bytes(pcm):
                    await connection.send_audio(pcm)
                    self._look_at(connection)
            await asyncio.sleep(0)  # a backlog is sent without a pause, too

    def _look_at(self, connection: Connection) -> None:
        """Tell when the line falls silent, and when it no longer is."""
        if connection.silent != self._line_silent:
            self._line_silent = connection.silent
            log.debug("what goes up is %s", "not acknowledged" if self._line_silent else "acknowledged again")
            self._report(LineSilent(self._line_silent))

    async def _send_control(self, connection: Connection, reader: Reader) -> None:
        while True:
            match await self._outbox.next():
                case Text(turn, text):
                    reader.asked(turn)
                    await connection.send_text(text)
                case Answer(call, response, more, scheduling):
                    await connection.answer(call, response, more=more, scheduling=scheduling)
                    if not more:
                        self._answered(reader)
                case Refusals(calls):
                    await connection.refuse(calls)
                    self._answered(reader)
                case Nudge():
                    await connection.nudge()
                case FrameDue():
                    if frame := self._outbox.take_frame():
                        await connection.send_video(frame.jpeg)

    def _answered(self, reader: Reader) -> None:
        """Nothing is owed any more for one call, or for several."""
        reader.answered()
        self._owed.sent()
        if self._waits and not self._owed:
            self._silence.expect_more(reader.turn)
