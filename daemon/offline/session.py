"""One Live session: what the client's messages do to it, and when the brain is asked."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random, SystemRandom
from typing import Final

from daemon.offline import server_messages
from daemon.offline.activity import ActivityDetector, EnergyDetector, SpeechDetectorFactory, SpeechEnded, SpeechStarted
from daemon.offline.admission import POLICY_VIOLATION, Admission, Visitor
from daemon.offline.brain import Remark, UserTurn
from daemon.offline.faults import AbortSocket, ConnectionFaults, LossPoint, SocketEnd, Stage
from daemon.offline.handles import Handles
from daemon.offline.intake import AutomaticIntake, Intake, ManualIntake, SpeechEvent
from daemon.offline.link import Link
from daemon.offline.profiles import profile_of
from daemon.offline.protocol import (
    ActivityEnd,
    ActivityStart,
    AudioChunk,
    AudioStreamEnd,
    ClientContent,
    ClientDecoder,
    ClientMessage,
    ContextUpdate,
    FunctionAnswer,
    RealtimeText,
    Setup,
)
from daemon.offline.turn import Delivery, Reply, ToolCalls
from daemon.offline.usage import Meter
from daemon.offline.wire import WireError

logger = logging.getLogger(__name__)

INTERNAL_ERROR: Final = 1011
"""RFC 6455; the service's code for trouble of its own and for connections whose time is up."""

REMEMBERED_REMARKS: Final = 400
"""How many remarks of a conversation are kept; the oldest go first."""

WAITING_TURNS: Final = 8
"""Turns that wait for their reply where nothing may interrupt; the oldest go first."""


@dataclass(frozen=True)
class House:
    """What all sessions of a server share."""

    brain: Stage
    handles: Handles
    admission: Admission = field(default_factory=Admission)
    delivery: Delivery = field(default_factory=Delivery)
    detector: SpeechDetectorFactory = EnergyDetector
    random: Random = field(default_factory=SystemRandom)


class Session:
    """Lives as long as its connection."""

    def __init__(self, house: House, link: Link, visitor: Visitor, faults: ConnectionFaults) -> None:
        self._house = house
        self._link = link
        self._visitor = visitor
        self._faults = faults
        self._setup: Setup
        self._calls: ToolCalls
        self._intake: Intake
        self._tasks: asyncio.TaskGroup
        self._meter = Meter()
        self._remarks: deque[Remark] = deque(maxlen=REMEMBERED_REMARKS)
        self._waiting: deque[UserTurn] = deque(maxlen=WAITING_TURNS)
        self._replying: asyncio.Task[None] | None = None
        self._deadline: asyncio.Task[None] | None = None
        self._answering = False  # a turn was taken and is not complete
        self._seeding = False
        self._history_waits = False  # a history was given that ends with the user
        self._ended_by_voice = False  # the latest turn was a spoken one
        self._audio_bytes = 0

    async def run(self) -> None:
        """Serve the connection until it ends. An exception of the brain ends it, and comes out in a group."""
        decoder = ClientDecoder()
        async with asyncio.TaskGroup() as self._tasks:
            try:
                async for frame in self._link.frames():
                    for message in decoder.decode(frame):
                        self._link.note(message)
                        await self._handle(message)
            except WireError as error:
                logger.info("session %d refused: %s", self._link.record.number, error)
                await self._link.close(error.code, error.reason)
            finally:
                for task in (self._replying, self._deadline):
                    if task:
                        task.cancel()

    async def go_away(self, time_left_s: float) -> None:
        """Announce the end of the connection; it comes `time_left_s` seconds later."""
        await self._link.send(server_messages.go_away(time_left_s))
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self._tasks.create_task(self._end_after(time_left_s))

    async def _end_after(self, seconds: float) -> None:
        await self._link.sleep(seconds)
        await self._link.close(INTERNAL_ERROR, "Deadline expired before operation could complete.")

    async def _handle(self, message: ClientMessage) -> None:
        match message:
            case Setup():
                await self._open(message)
            case ActivityStart() | ActivityEnd() | AudioChunk() | AudioStreamEnd():
                await self._hear(message)
            case RealtimeText(text):
                await self._read_realtime(text)
            case ClientContent(remarks, turn_complete):
                await self._read(remarks, turn_complete)
            case FunctionAnswer():
                self._calls.answer(message)
            case ContextUpdate(instruction, functions):
                self._setup = replace(
                    self._setup,
                    system_instruction=self._setup.system_instruction if instruction is None else instruction,
                    functions=self._setup.functions if functions is None else functions,
                )

    async def _open(self, setup: Setup) -> None:
        await self._link.sleep(self._faults.setup_delay_ms / 1000)
        if self._faults.silent:
            self._link.fall_silent()
        if self._faults.refuse:
            await self._end(self._faults.refuse)
        await self._lose("setup")
        if not self._link.usable:
            return
        self._house.admission.check(self._visitor, setup.model)
        self._restore(setup.handle)
        self._setup = setup
        self._calls = ToolCalls(self._link, profile_of(setup.model), self._house.random)
        self._intake = (
            ManualIntake()
            if setup.detection is None
            else AutomaticIntake(ActivityDetector(setup.detection, self._house.detector()))
        )
        self._seeding = setup.history_first
        self._meter.prompt_text(setup.system_instruction)
        await self._link.send(server_messages.setup_complete())

    def _restore(self, handle: str) -> None:
        if not handle:
            return
        saved = self._house.handles.find(handle)
        if saved is None:
            raise WireError(POLICY_VIOLATION, "Requested entity was not found.")
        if saved.in_use():
            # the old socket must be closed before its session is resumed (sip-to-ai PR#14)
            raise WireError(INTERNAL_ERROR, "Internal error encountered.")
        self._remarks.extend(saved.remarks)
        logger.info("session %d resumes a conversation of %d remarks", self._link.record.number, len(self._remarks))

    async def _hear(self, message: ActivityStart | ActivityEnd | AudioChunk | AudioStreamEnd) -> None:
        events: Sequence[SpeechEvent]
        match message:
            case ActivityStart():
                events = self._intake.activity_start()
            case ActivityEnd():
                events = self._intake.activity_end()
            case AudioStreamEnd():
                events = self._intake.stream_end()
            case AudioChunk(data):
                events = self._intake.audio(message)
                self._audio_bytes += len(data)
                await self._lose("activity")
        for event in events:
            match event:
                case SpeechStarted() if self._setup.interrupts:
                    await self._interrupt()
                case SpeechEnded(audio):
                    await self._take_turn(UserTurn(audio=audio))
                    self._ended_by_voice = True

    async def _read_realtime(self, text: str) -> None:
        """A text is a turn; a space or a dot asks 3.x models to answer the history that was given, and is else no turn.

        pipecat nudges with a space (pipecat #4366), google-adk with a dot (its `send_history`).
        """
        if self._history_waits and not text.strip(" ."):
            await self._take_turn(UserTurn(text=self._asked()))
        elif text.strip():
            self._meter.prompt_text(text)
            await self._take_turn(UserTurn(text=text))

    async def _read(self, remarks: Sequence[Remark], turn_complete: bool) -> None:
        """Content interrupts whatever is being said; the last remark, if it is the user's, is the turn.

        Without any remark it only says that the turn is over: after a spoken turn it changes nothing (livekit's plugin
        sends it after `activityEnd`).
        """
        if self._ended_by_voice and turn_complete and not remarks:
            return
        self._ended_by_voice = False
        await self._interrupt()
        self._remarks.extend(remarks)
        for remark in remarks:
            self._meter.prompt_text(remark.text)
        if not turn_complete:
            return
        if self._seeding:
            self._seeding = False
            to_answer = bool(self._remarks) and self._remarks[-1].role == "user"
            self._history_waits = to_answer and profile_of(self._setup.model).takes_history
            if self._history_waits or not to_answer:
                return
        await self._take_turn(UserTurn(text=self._asked()))

    def _asked(self) -> str:
        """What the user said last and nobody answered, taken from the conversation."""
        asked: list[str] = []
        while self._remarks and self._remarks[-1].role == "user":
            asked.insert(0, self._remarks.pop().text)
        return "\n".join(asked)

    async def _take_turn(self, turn: UserTurn) -> None:
        """Have the brain answer `turn`, at once, or after what is being said where nothing may interrupt."""
        if self._setup.interrupts:
            await self._interrupt()
        self._history_waits = self._ended_by_voice = False
        self._meter.prompt_audio(len(turn.audio))
        self._waiting.append(turn)
        self._answering = True
        if self._replying is None or self._replying.done():
            self._replying = self._tasks.create_task(self._reply_to_waiting())

    async def _reply_to_waiting(self) -> None:
        while self._waiting:
            await self._reply(self._waiting.popleft())

    async def _reply(self, turn: UserTurn) -> None:
        setup = self._setup
        await self._lose("thinking")
        if not self._link.usable:
            return
        if setup.resumable:
            await self._link.send(server_messages.resumption_update(""))
        reply = Reply(
            self._link,
            setup,
            profile_of(setup.model),
            self._calls,
            self._meter,
            self._house.delivery,
            self.go_away,
            lambda: self._lose("reply"),
        )
        whole_turn = replace(
            turn,
            functions=setup.functions,
            system_instruction=setup.system_instruction,
            language=setup.language,
            voice=setup.voice,
            history=tuple(self._remarks),
        )
        try:
            await reply.run(self._house.brain, whole_turn)
            self._answering = bool(self._waiting)
        finally:
            said = (Remark("user", turn.text or reply.heard.said), Remark("model", reply.spoken.said))
            self._remarks.extend(remark for remark in said if remark.text)
        await self._issue_handle()

    async def _issue_handle(self) -> None:
        """Often after `turnComplete`, as with the service (python-genai #2527)."""
        if self._setup.resumable:
            handle = self._house.handles.issue(self._remarks, lambda: self._link.usable)
            await self._link.send(server_messages.resumption_update(handle))

    async def _interrupt(self) -> None:
        """Stop the reply, if there is one, and say so; nothing else follows of it."""
        self._waiting.clear()
        replying, self._replying = self._replying, None
        if replying is None or replying.done():
            return
        if not self._answering:
            await asyncio.wait([replying])
            return
        self._answering = False
        calls = self._calls.waiting
        replying.cancel()
        await asyncio.wait([replying])
        if calls:
            await self._link.send(server_messages.tool_call_cancellation(calls))
        await self._link.send(server_messages.content(interrupted=True))
        await self._link.send(server_messages.content(turnComplete=True) | {"usageMetadata": self._meter.report()})
        await self._issue_handle()

    async def _lose(self, point: LossPoint) -> None:
        """End the session if it is to be lost at this point."""
        loss = self._faults.lose
        if loss is None or loss.during != point:
            return
        if point == "activity" and self._audio_bytes < loss.after_audio_bytes:
            return
        await self._end(loss.end)

    async def _end(self, end: SocketEnd) -> None:
        if isinstance(end, AbortSocket):
            self._link.abort()
        else:
            await self._link.close(end.close, end.reason)
