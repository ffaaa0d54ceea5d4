"""A home without ears, for hundreds of cases: the test says when somebody speaks, and everything after that is real.

The appliance, its playout, Google's SDK over TLS and the offline server are as in `tests.system.home`; the wake word
and the end of speech are told by the test, so that no model has to be loaded and nothing has to be spoken first.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.conversation.causes import Cause
from daemon.conversation.commands import Announce, EndActivity, OpenSession, StartActivity
from daemon.conversation.events import (
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    SessionOpened,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.exchange import State
from daemon.house.equipment import Drivers
from daemon.house.household import household
from daemon.house.manners import rules_of
from daemon.house.settings import Settings
from daemon.offline.rehearsal.scenario import Call, Say, Scenario, Turn
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import Wait
from daemon.offline.wire.client_messages import AudioChunk
from daemon.sound.pcm import Samples, samples_of_ms
from daemon.speech.earcons import earcon
from daemon.tools.tool import Tool, Toolbox
from hardware.base import PcmFormat
from hardware.fake import RecordingIndicator, RecordingSpeaker, WavMicrophone
from tests.system.home import PATIENCE_S, Diary, FastClock, quiet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.appliance.appliance import Appliance
    from daemon.offline.service.faults import ConnectionFaults
    from daemon.offline.wire.records import SessionRecord
    from daemon.sound.echo.echo_path import EchoPath

QUICKLY: Final = FastClock(16)
CARD: Final = PcmFormat(rate_hz=16_000, period_frames=640)
A_WHILE_SAMPLES: Final = samples_of_ms(300)
REPLY: Final = Say("Done.", tone_s=0.2)
FOR_EVER: Final = Wait(60_000)


@cache
def _sound_of(cause: Cause) -> bytes:
    """Asked for again and again, until it is heard."""
    return earcon(cause, CARD.rate_hz).tobytes()


class Deaf:
    """Hears nothing by itself. Implements `Listener`."""

    gate = None
    engine = None
    watching = False

    def beware(self, is_own: Any) -> None: ...
    def listen_for_short(self, *, wanted: bool) -> None: ...

    def hear(self, samples: Samples, at: int) -> list[Any]:  # noqa: ARG002
        return []

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Any]:  # noqa: ARG002
        self.watching = True
        return []

    def stop_watching(self) -> None:
        self.watching = False


@dataclass
class Dawdler:
    """A tool that ends when the test says so."""

    limit_s: float
    begun: int = 0
    running: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def toolbox(self) -> Toolbox:
        return Toolbox([Tool.of(self.dawdle)], time_limit_s=self.limit_s)

    async def dawdle(self) -> dict[str, Any]:
        """Take your time."""
        self.begun += 1
        self.running += 1
        try:
            await self.may_end.wait()
        finally:
            self.running -= 1
        return {}


@dataclass
class QuickHome:
    """What a test may do and look at."""

    server: LiveServer
    brain: ScriptedBrain
    appliance: Appliance
    microphone: WavMicrophone
    diary: Diary
    speakers: list[RecordingSpeaker]
    indicator: RecordingIndicator
    tool: Dawdler

    @property
    def state(self) -> State:
        return self.appliance.conversation.state

    @property
    def told(self) -> list[Cause]:
        """The failures that were told to the household."""
        return [c.cause for c in self.diary.commands if isinstance(c, Announce) and isinstance(c.cause, Cause)]

    @property
    def dialled(self) -> int:
        return self.diary.commands.count(OpenSession())

    def heard(self, cause: Cause) -> bool:
        """Whether the earcon of `cause` has left the speaker, whole."""
        return _sound_of(cause) in self.speakers[0].heard()

    # What people do

    def wake(self) -> None:
        self.appliance.dispatch(WakeWordDetected("alexa", self.appliance.ring.end))

    def begin(self) -> None:
        self.appliance.dispatch(UtteranceStarted(self.appliance.ring.end))

    def ask_at_once(self) -> None:
        """A whole request within one moment: said before the session can have opened."""
        now = self.appliance.ring.end
        self.appliance.dispatch(WakeWordDetected("alexa", now - A_WHILE_SAMPLES))
        self.appliance.dispatch(UtteranceStarted(now - A_WHILE_SAMPLES))
        self.end()

    def end(self) -> None:
        self.appliance.dispatch(UtteranceEnded(self.appliance.ring.end))

    async def speak(self) -> None:
        """Go on for a while."""
        end = self.appliance.ring.end + A_WHILE_SAMPLES
        await self.until(lambda: self.appliance.ring.end >= end)

    async def ask(self) -> None:
        """A whole request; by the wake word, unless it is being listened for one already."""
        if self.state is not State.LISTENING:
            self.wake()
        self.begin()
        await self.speak()
        self.end()

    # What tests wait for and look at

    async def until(self, condition: Any) -> None:
        """Wait for what no event tells."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - the microphone's position is nobody's event
                await asyncio.sleep(0.002)

    async def until_state(self, *states: State) -> None:
        await self.diary.until(lambda: self.state in states)

    async def until_closed(self) -> None:
        """No session is left open on the server."""
        for session in list(self.server.sessions):
            await session.until(lambda s: not s.open, PATIENCE_S)

    async def session(self, number: int = 1) -> SessionRecord:
        return await self.server.session(number)

    def last_asked(self) -> Samples:
        """The sound of the last activity window, as it is in the ring."""
        start = next(c for c in reversed(self.diary.commands) if isinstance(c, StartActivity))
        end = next(c for c in reversed(self.diary.commands) if isinstance(c, EndActivity))
        assert start.turn == end.turn
        return self.appliance.ring.read(start.from_sample, end.at_sample)


LIVE: Final = {"connect_timeout_s": 8.0, "tools": {"waiting": "blocking"}}
SIXTEEN: Final = {"rate_hz": 16_000, "period_ms": 40}
SPEAKER: Final = {**SIXTEEN, "volume": 1.0}
LISTENING: Final = {"nothing_said_s": 5, "reply_deadline_s": 5, "follow_up_s": 0, "linger_s": 0}


@asynccontextmanager
async def quick_home(
    turns: tuple[Turn, ...],
    *connections: ConnectionFaults,
    certificates: Path,
    live: dict[str, Any] | None = None,
    tool_limit_s: float = 10.0,
    echo: EchoPath | None = None,
    **rules: Any,
) -> AsyncIterator[QuickHome]:
    """The appliance with a server that plays these turns; `rules` replace those of the settings."""
    plot = Scenario(turns=turns, connections=connections)
    brain = ScriptedBrain(plot)
    server = LiveServer(brain, certificate_dir=certificates, faults=plot.faults, record=True)
    async with server:
        reach = {"endpoint": server.url, "ca_file": str(server.ca_file)}
        settings = Settings.model_validate(
            {
                "offline": {"use": "never"},
                "live": LIVE | reach | (live or {}),
                "listening": LISTENING,
                "microphone": SIXTEEN,
                "speaker": SPEAKER,
            }
        )
        tool, diary, indicator = Dawdler(tool_limit_s), Diary(), RecordingIndicator()
        microphone = WavMicrophone(quiet(0.1), CARD, then_silence=True, hiss_rms=8, clock=QUICKLY)
        speakers: list[RecordingSpeaker] = []

        def make_speaker(source: Any) -> RecordingSpeaker:
            speakers.append(RecordingSpeaker(CARD, source, clock=QUICKLY))
            return speakers[0]

        drivers = Drivers(
            microphone=lambda _: microphone,
            speaker=lambda _: make_speaker,
            echo=lambda *_: echo,
            listener=lambda *_: Deaf(),  # type: ignore[arg-type, return-value]
            rules=lambda settings: replace(rules_of(settings), **rules),
            indicator=indicator,
            environ={"GEMINI_API_KEY": "test-key"},
        )
        own = household(settings, drivers, look_on=lambda *_: [diary], toolbox=tool.toolbox())
        async with own as house, asyncio.TaskGroup() as group:
            house.appliance._dialling._redial._random = lambda: 0.0  # the shortest of the waits that may be drawn
            home = QuickHome(server, brain, house.appliance, microphone, diary, speakers, indicator, tool)
            living = group.create_task(house.appliance.run())
            await home.speak()
            await home.speak()
            yield home
            living.cancel()


@dataclass(frozen=True)
class Situation:
    """Where a conversation is when something goes wrong: how it gets there, and what the service says until then."""

    name: str
    turns: tuple[Turn, ...] = ()
    rules: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    async def reach(self, home: QuickHome) -> None:
        match self.name:
            case "listening":
                home.wake()
                await home.diary.until_happened(SessionOpened)
            case "hearing":
                home.wake()
                home.begin()
                await (await home.session()).until(lambda s: bool(s.messages(AudioChunk)))
            case "muted":
                await home.ask()
                await home.until(lambda: home.brain.turns)
                home.appliance.mute(muted=True)
            case _:
                await home.ask()
                await self._answered(home)
        assert home.state is self.state

    async def _answered(self, home: QuickHome) -> None:
        match self.name:
            case "thinking":
                await home.until(lambda: home.brain.turns)
            case "tool pending":
                await home.diary.until_happened(ToolRequested)
                await home.until(lambda: home.tool.begun)
            case "speaking":
                await home.diary.until_happened(ReplyStarted)
            case "said, still heard":
                await home.diary.until_happened(ReplyComplete)
            case "follow-up" | "idle":
                await home.diary.until_happened(PlayoutDrained)

    @property
    def state(self) -> State:
        return {
            "tool pending": State.THINKING,
            "said, still heard": State.SPEAKING,
            "follow-up": State.LISTENING,
        }.get(self.name) or State(self.name)


SITUATIONS: Final = (
    Situation("listening"),
    Situation("hearing"),
    Situation("thinking", ([FOR_EVER],)),
    Situation("tool pending", ([Call("dawdle"), REPLY],)),
    Situation("speaking", ([REPLY, FOR_EVER],)),
    Situation("said, still heard", ([Say("A long story.", tone_s=12.0)],)),
    Situation("follow-up", ([REPLY],), {"follow_up_s": 5.0}),
    Situation("idle", ([REPLY],), {"linger_s": 5.0}),
    Situation("muted", ([FOR_EVER],)),
)
"""A session is open in all of them but the last; what goes wrong before it is open is another table."""


def same(first: Samples, second: Samples) -> bool:
    return bool(np.array_equal(first, second))
