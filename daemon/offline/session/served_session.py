"""One Live session: what each of the client's messages does to it. What is said in it is `dialogue`'s business."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from random import Random, SystemRandom
from typing import Self

from daemon.offline.service.context import Context
from daemon.offline.service.faults import ConnectionFaults, SocketEnd, Stage, Stall
from daemon.offline.service.handles import Handles, SavedSession
from daemon.offline.service.issued_tokens import Token, Tokens
from daemon.offline.service.limits import Lifetime, Places
from daemon.offline.service.losses import Losses
from daemon.offline.service.profiles import profile_of
from daemon.offline.service.resumption_offer import Resumption
from daemon.offline.service.server_options import ServerOptions
from daemon.offline.service.setup_refusals import check_functions, check_setup
from daemon.offline.session.activity import (
    ActivityDetector,
    EnergyDetector,
    SpeechDetectorFactory,
    SpeechEnded,
    SpeechStarted,
)
from daemon.offline.session.dialogue import Dialogue
from daemon.offline.session.intake import AutomaticIntake, Intake, ManualIntake, SpeechEvent
from daemon.offline.session.open_calls import ToolCalls
from daemon.offline.session.turn import Terms
from daemon.offline.wire import server_messages
from daemon.offline.wire.access import Admission, Visitor
from daemon.offline.wire.client_messages import (
    ActivityEnd,
    ActivityStart,
    AudioChunk,
    AudioStreamEnd,
    ClientContent,
    ClientMessage,
    ContextUpdate,
    FunctionAnswer,
    RealtimeText,
    Setup,
    VideoFrame,
)
from daemon.offline.wire.client_socket import Clock, Link
from daemon.offline.wire.mapping import INTERNAL_ERROR, POLICY_VIOLATION, WireError
from daemon.offline.wire.protocol import ClientDecoder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """What all sessions of a server share."""

    brain: Stage
    handles: Handles
    places: Places
    admission: Admission = field(default_factory=Admission)
    options: ServerOptions = field(default_factory=ServerOptions)
    detector: SpeechDetectorFactory = EnergyDetector
    tokens: Tokens = field(default_factory=lambda: Tokens(time.time))
    random: Random = field(default_factory=SystemRandom)

    @classmethod
    def of(
        cls,
        brain: Stage,
        options: ServerOptions,
        admission: Admission,
        detector: SpeechDetectorFactory,
        tokens: Tokens,
        clock: Clock,
    ) -> Self:
        """One in which nothing has been said yet, with as many places as `options` allow."""
        handles, places = Handles(clock, options.limits.handle_s), Places(options.limits.sessions)
        return cls(brain, handles, places, admission, options, detector, tokens)


class Session:
    """Lives as long as its connection."""

    def __init__(self, house: House, link: Link, visitor: Visitor, faults: ConnectionFaults) -> None:
        self._house = house
        self._link = link
        self._visitor = visitor
        self._faults = faults
        self._losses = Losses(link, faults.lose)
        self._setup: Setup
        self._intake: Intake
        self._tasks: asyncio.TaskGroup
        self._lifetime: Lifetime
        self._dialogue: Dialogue | None = None
        self._place = ExitStack()
        self._token: Token | None = None

    async def run(self) -> None:
        """Serve the connection until it ends. An exception of the brain ends it, and comes out in a group."""
        async with asyncio.TaskGroup() as self._tasks:
            self._lifetime = Lifetime(self._link, self._house.options.limits, self._tasks)
            pongs = self._tasks.create_task(self._link.answer_pings(self._faults.pong_delay_s))
            patience = self._tasks.create_task(self._await_setup())
            try:
                await self._serve()
            except WireError as error:
                logger.info("session %d refused: %s", self._link.record.number, error)
                await self._link.close(error.code, error.reason)
            finally:
                pongs.cancel()
                patience.cancel()
                self._lifetime.close()
                if self._dialogue:
                    self._dialogue.close()
                self._place.close()

    async def _await_setup(self) -> None:
        """A client that never says what it wants, or is gone without a word, keeps its place no longer than others.

        By the loop's own clock: that of the server may be a test's, which stands still.
        """
        limit_s = self._house.options.limits.connection_s
        if limit_s is None:
            return
        await asyncio.sleep(limit_s)
        if not self._dialogue:
            await self._link.close(INTERNAL_ERROR, "Deadline expired before operation could complete.")

    async def go_away(self, time_left_s: float) -> None:
        """Announce the end of the connection; it comes `time_left_s` seconds later."""
        await self._lifetime.go_away(time_left_s)

    async def hang_up(self, end: SocketEnd | Stall) -> None:
        """End the connection at once, or say nothing more on it."""
        if isinstance(end, Stall):
            self._link.fall_silent()
        else:
            await self._losses.end(end)

    async def _serve(self) -> None:
        self._token = self._house.tokens.find(self._visitor)
        decoder = ClientDecoder(self._token.locked if self._token else dict)
        async for frame in self._link.frames():
            for message in decoder.decode(frame):
                self._link.note(message)
                if isinstance(message, Setup):
                    await self._open(message)
                elif self._dialogue:
                    await self._handle(message, self._dialogue)

    async def _handle(self, message: ClientMessage, dialogue: Dialogue) -> None:
        match message:
            case ActivityStart() | ActivityEnd() | AudioChunk() | AudioStreamEnd():
                await self._hear(message, dialogue)
            case VideoFrame():
                self._lifetime.see()
                dialogue.see()
            case RealtimeText(text):
                await dialogue.read_realtime(text)
            case ClientContent():
                await dialogue.read(message)
            case FunctionAnswer():
                await dialogue.answer(message)
            case ContextUpdate():
                self._setup = self._updated(message)
                dialogue.update(self._setup)

    def _updated(self, update: ContextUpdate) -> Setup:
        """The setup as it is from now on. Raises WireError for functions that the model's family refuses."""
        if not self._house.options.lenient:
            check_functions(update.functions or (), profile_of(self._setup.model))
        instruction, functions = update.system_instruction, update.functions
        return replace(
            self._setup,
            system_instruction=self._setup.system_instruction if instruction is None else instruction,
            functions=self._setup.functions if functions is None else functions,
        )

    async def _open(self, setup: Setup) -> None:
        await self._link.sleep(self._faults.setup_delay_ms / 1000)
        if self._faults.silent:
            self._link.fall_silent()
        if self._faults.refuse:
            await self._losses.end(self._faults.refuse)
        await self._losses.at("setup")
        if not self._link.usable:
            return
        self._house.admission.check(self._visitor, setup.model)
        if not self._house.options.lenient:
            check_setup(setup, profile_of(setup.model), self._visitor.api_version)
        saved = self._saved(setup.handle)
        self._place.enter_context(self._house.places.taken())
        if self._token:
            self._house.tokens.begin(self._token, resuming=saved is not None)
        self._begin(setup, saved)
        await self._link.send(server_messages.setup_complete())

    def _saved(self, handle: str) -> SavedSession | None:
        if not handle:
            return None
        saved = None if self._faults.refuse_handle else self._house.handles.find(handle)
        if saved is None:
            raise WireError(POLICY_VIOLATION, "Requested entity was not found.")
        if saved.in_use():
            # the old socket must be closed before its session is resumed (sip-to-ai PR#14)
            raise WireError(INTERNAL_ERROR, "Internal error encountered.")
        logger.info("session %d resumes a conversation of %d remarks", self._link.record.number, len(saved.entries))
        return saved

    def _begin(self, setup: Setup, saved: SavedSession | None) -> None:
        """From here on there is someone to talk to; `saved` is the session that goes on."""
        self._setup = setup
        self._intake = (
            ManualIntake()
            if setup.detection is None
            else AutomaticIntake(ActivityDetector(setup.detection, self._house.detector()))
        )
        options, profile = self._house.options, profile_of(setup.model)
        window = options.limits.context_tokens or profile.window_tokens
        context = Context(window, setup.compression, saved.entries if saved else ())
        context.instruct(setup.system_instruction)
        self._lifetime.begin(saved.age_s if saved else 0.0, compressed=setup.compression is not None)
        if self._token:
            self._lifetime.expire(self._house.tokens.left_s(self._token))
        self._dialogue = Dialogue(
            self._house.brain,
            Terms(self._link, setup, profile, ToolCalls(self._link, profile, self._house.random), options.delivery),
            context,
            Resumption(self._link, self._house.handles, self._lifetime, self._faults, self._tasks),
            self._lifetime,
            self._losses,
            self._faults,
            self._tasks,
        )

    async def _hear(
        self, message: ActivityStart | ActivityEnd | AudioChunk | AudioStreamEnd, dialogue: Dialogue
    ) -> None:
        if isinstance(message, AudioChunk):
            await self._losses.audio(len(message.data))
            await dialogue.hear_during_call()
        for event in self._events(message):
            match event:
                case SpeechStarted():
                    await dialogue.speech_started()
                case SpeechEnded(audio):
                    await dialogue.speech_ended(audio)

    def _events(self, message: ActivityStart | ActivityEnd | AudioChunk | AudioStreamEnd) -> Sequence[SpeechEvent]:
        match message:
            case ActivityStart():
                return self._intake.activity_start()
            case ActivityEnd():
                return self._intake.activity_end()
            case AudioStreamEnd():
                return self._intake.stream_end()
            case AudioChunk():
                return self._intake.audio(message)
