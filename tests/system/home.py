"""A home to test in: the whole appliance around a recorded microphone and speaker, on mock pins, with its Live server.

Everything in between is real: wake models, endpointing, the unmodified SDK over TLS, the playout. Sound cards run
`SPEED` times as fast as life, so that a test does not take as long as the conversation it holds.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from daemon.abilities.timers.now import Now
from daemon.conversation.events import Event
from daemon.conversation.witness import Witness
from daemon.hearing.making import listener_of
from daemon.house.equipment import Drivers
from daemon.house.household import household
from daemon.house.settings import Settings
from daemon.house.wiring import gpio_pins
from daemon.sound.pcm import Samples, samples_of_ms
from daemon.speech.making import speaker_format
from hardware.base import PcmFormat
from hardware.fake import FakeButton, RecordingIndicator, RecordingSpeaker, WavMicrophone
from tests.networks import remembering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from daemon.appliance.appliance import Appliance
    from daemon.at_home.home_brain import Start
    from daemon.conversation.commands import Command
    from daemon.conversation.exchange import State
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation
    from daemon.hearing.listener import Listener
    from daemon.hearing.settings import ListeningSettings, WakeSettings
    from daemon.house.household import Household
    from daemon.house.wiring import Pins, Wiring
    from daemon.offline.server import LiveServer
    from daemon.offline.wire.records import SessionRecord
    from daemon.sound.echo.echo_path import EchoPath
    from daemon.tools.tool import Toolbox

shared_listener = partial(listener_of, open_model=remembering)
"""Hears for itself, by networks that are opened once for all homes, and asked once."""

SPEED = 4
PATIENCE_S = 60.0
"""How long a test waits for anything; no test waits that long when all is well."""

E = TypeVar("E")


@dataclass(frozen=True)
class FastClock:
    """`hardware.fake.Clock`, `speed` times as fast as the event loop's."""

    speed: float = SPEED

    def now(self) -> float:
        return asyncio.get_running_loop().time() * self.speed

    async def sleep_until(self, deadline: float) -> None:
        await asyncio.sleep(max(0.0, deadline - self.now()) / self.speed)


class LoopClocks:
    """Both clocks of timers by the event loop's, so that simulated time is theirs too. Implements `Clocks`."""

    def __init__(self, wall_s: float) -> None:
        self._wall_s = wall_s - asyncio.get_running_loop().time()

    def now(self) -> Now:
        boot_s = asyncio.get_running_loop().time()
        return Now(boot_s, self._wall_s + boot_s, "a boot", UTC, "UTC", synchronised=True)


async def nobody_at_home(_: object) -> NoReturn:
    raise FileNotFoundError(2, "no brain at home here")


def house_time() -> float:
    """Seconds since 1970 on a Monday, half a minute to eight when the loop began: for tests in simulated time."""
    return datetime(2026, 11, 30, 7, 59, 30).timestamp() + asyncio.get_running_loop().time()  # noqa: DTZ001 - local


def quiet(seconds: float, seed: int = 1) -> Samples:
    """A quiet room: noise, never digital silence."""
    return np.random.default_rng(seed).normal(0, 8, samples_of_ms(1000 * seconds)).round().astype(np.int16)


@dataclass
class Diary(Witness):
    """Writes down what happened and lets tests wait for it."""

    events: list[Event] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    messages: list[SessionMessage] = field(default_factory=list)
    heard_samples: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        self.commands += commands
        self.events.append(event)
        if not self.states or self.states[-1] is not situation.state:
            self.states.append(situation.state)
        self._news.set()

    def received(self, message: SessionMessage) -> None:
        if not isinstance(message, Event):  # those are on their way to `happened`
            self.messages.append(message)
        self._news.set()

    def captured(self, samples: Samples) -> None:
        self.heard_samples += len(samples)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds; TimeoutError with the diary if it never does."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"states {self.states}, events {self.events[-12:]}") from None

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in [*self.events, *self.messages] if isinstance(event, kind)]

    async def until_happened(self, kind: type[E], times: int = 1) -> E:
        """The event of this kind that happens for the `times`-th time."""
        await self.until(lambda: len(self.all(kind)) >= times)
        return self.all(kind)[times - 1]


@dataclass
class Home:
    """What a test may do and look at."""

    server: LiveServer
    house: Household
    microphone: WavMicrophone
    speakers: list[RecordingSpeaker]
    button: FakeButton
    indicator: RecordingIndicator
    diary: Diary

    @property
    def appliance(self) -> Appliance:
        return self.house.appliance

    @property
    def wiring(self) -> Wiring:
        return self.house.wiring

    @property
    def state(self) -> State:
        return self.appliance.conversation.state

    @property
    def speaker(self) -> RecordingSpeaker:
        return self.speakers[0]

    def lamp_is_on(self) -> bool:
        return self.wiring.outputs[0].read().on

    def say(self, *speech: Samples) -> None:
        """Be heard, after what is still to be heard, with half a second of quiet before and between."""
        for samples in speech:
            self.microphone.say(np.concatenate((quiet(0.5), samples)))

    async def until_state(self, state: State) -> None:
        await self.diary.until(lambda: self.state is state)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what no event tells."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - what left the speaker is nobody's event
                await asyncio.sleep(0.02)

    async def session(self, number: int = 1) -> SessionRecord:
        return await self.server.session(number)

    def heard(self) -> Samples:
        """What left the speaker so far."""
        return np.frombuffer(self.speaker.heard(), np.int16)


def settings_of(models: Path, server: LiveServer, **tables: Any) -> Settings:
    """A home with a lamp, a dimmable light and a heater; `tables` replace those of the settings, `live` adds to it."""
    live = tables.pop("live", {})
    return Settings.model_validate(
        {
            "wake": {"models": ["alexa"], "models_dir": str(models), "refractory_s": 1.0},
            "listening": {"follow_up_s": 0, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5},
            "live": {"endpoint": server.url, "ca_file": str(server.ca_file), "connect_timeout_s": 8, **live},
            "offline": {"use": "never"},
            "gpio": {"factory": "mock"},
            "device": [
                {"name": "lamp", "kind": "led", "pin": 17},
                {"name": "desk light", "kind": "pwm", "pin": 13, "max_level": 0.8},
                {"name": "heater", "kind": "relay", "pin": 27, "min_off_s": 600},
            ],
            **tables,
        }
    )


@asynccontextmanager
async def home(
    server: LiveServer,
    models: Path,
    *,
    environ: Mapping[str, str] | None = None,
    speed: float = SPEED,
    state: Path | None = None,
    wall: Callable[[], float] = time.time,
    toolbox: Toolbox | None = None,
    pins: Pins = gpio_pins,
    root: Path = Path("/"),
    brain: Start | None = None,
    echo: Callable[[PcmFormat, Callable[[], float]], EchoPath] | None = None,
    listener: Callable[[WakeSettings, ListeningSettings], Listener] = shared_listener,
    period_ms: int = 20,
    **tables: Any,
) -> AsyncIterator[Home]:
    """The household as the service has it, running and past the two seconds that the wake engine needs to settle.

    `state` is the file that it remembers by, `wall` its wall clock; below `root` are the kernel's sensors. With
    `toolbox` the model gets these tools instead of those for the devices. `brain` starts that at home, which then
    answers when the service does not. `echo` makes, of the speaker's format and the clock of the cards, what knows
    of the echo. The `listener` is the product's own but where hearing is not the matter. `period_ms` is that of both
    sound cards: half of what a home costs is paid by the period.
    """
    if brain:
        tables = {"offline": {"use": "fallback"}, **tables}
    tables["speaker"] = {"period_ms": period_ms, **tables.get("speaker", {})}
    settings = settings_of(models, server, **tables)
    clock = FastClock(speed)
    format_ = PcmFormat(rate_hz=16_000, period_frames=samples_of_ms(period_ms))
    microphone = WavMicrophone(quiet(2.5), format_, then_silence=True, hiss_rms=8, clock=clock)
    speakers: list[RecordingSpeaker] = []

    def make_speaker(source: Any) -> RecordingSpeaker:
        speakers.append(RecordingSpeaker(speaker_format(settings.speaker), source, clock=clock))
        return speakers[0]

    diary, button, indicator = Diary(), FakeButton(), RecordingIndicator()
    drivers = Drivers(
        microphone=lambda _: microphone,
        speaker=lambda _: make_speaker,
        echo=lambda _, speaker: echo(speaker_format(speaker), clock.now) if echo else None,
        listener=listener,
        button=button,
        indicator=indicator,
        wall=wall,
        clocks=LoopClocks(wall()),
        pins=pins,
        root=root,
        brain=lambda *_: brain or nobody_at_home,
        environ={"GEMINI_API_KEY": "test-key"} if environ is None else environ,
    )
    own = household(settings, drivers, state, look_on=lambda *_: [diary], toolbox=toolbox)
    async with own as house, asyncio.TaskGroup() as group:
        living = group.create_task(house.appliance.run())
        await microphone.all_said()
        yield Home(server, house, microphone, speakers, button, indicator, diary)
        living.cancel()
