"""What every conversation of this Pipit works with, put together in one place: wires, state, abilities, sessions.

The household is an appliance on top of it, for the service, the demo and the tests; `pipit chat` and `ask` are a
keyboard and a screen on top of it. They differ in settings and drivers.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.abilities.memory.remembering import memory_of
from daemon.abilities.quiet.local_clock import LocalClock
from daemon.abilities.sight.opening import sight_of
from daemon.abilities.timers.machine_clocks import MachineClocks
from daemon.at_home.home_brain import starter
from daemon.hearing.making import alsa_microphone, listener_of
from daemon.house.device_clocks import boot_time, local_time
from daemon.house.manners import rules_of
from daemon.house.sessions import Briefing, options_maker, session_maker
from daemon.house.wiring import gpio_pins, wired
from daemon.speech.making import alsa_speaker, speaker_format
from daemon.spending.making import budget_of, prices_of
from daemon.spending.usage import Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

    from daemon.abilities.memory.remembering import Memory
    from daemon.abilities.sight.opening import Sight
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.abilities.timers.now import Clocks
    from daemon.at_home.home_brain import Start
    from daemon.conversation.rules import Rules
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings
    from daemon.house.settings import Settings
    from daemon.house.wiring import Pins, Wiring
    from daemon.live.asked import SessionMaker
    from daemon.live.options import LiveOptions
    from daemon.sound.echo.echo_path import EchoPath
    from daemon.speech.settings import SpeakerSettings
    from daemon.spending.budget import Budget
    from daemon.state.store import Store
    from daemon.tools.tool import Toolbox
    from hardware.base import Button, Indicator, Microphone, PlayoutSource, Speaker


def without_echo(_microphone: MicrophoneSettings, _speaker: SpeakerSettings) -> EchoPath | None:
    return None


def real_echo(microphone: MicrophoneSettings, speaker: SpeakerSettings) -> EchoPath:
    """Of cards that are really here. Imports what it takes: a chat needs none of it."""
    from daemon.hearing.echo_choice import EchoChooser

    return EchoChooser(microphone.echo, microphone.device, speaker.device).path(speaker_format(speaker))


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """What hears, speaks, is pressed and shines: the real ones, or in a demo and in tests the shipped ones without.

    Opening any may raise HardwareError, loading the ears ModelFileError. Without `pins` nothing is wired, whatever the
    settings say. A button or a light that is named here takes the place of the one of the settings. `wall` is the wall
    clock in seconds.
    """

    microphone: Callable[[MicrophoneSettings], Microphone] = alsa_microphone
    speaker: Callable[[SpeakerSettings], Callable[[PlayoutSource], Speaker]] = alsa_speaker
    echo: Callable[[MicrophoneSettings, SpeakerSettings], EchoPath | None] = without_echo
    """What knows the echo of the speaker in the microphone: for cards whose time is the machine's."""
    listener: Callable[[WakeSettings, ListeningSettings], Listener] = listener_of
    pins: Pins | None = gpio_pins
    rules: Callable[[Settings], Rules] = rules_of
    button: Button | None = None
    indicator: Indicator | None = None
    clocks: Clocks | None = None
    """Those of timers; without, the machine's."""
    wall: Callable[[], float] = time.time
    brain: Callable[[Path, int, Mapping[str, str]], Start] = starter
    """Starts the process of the brain at home: of the folder of its models, and the megabytes that it may take."""
    root: Path = Path("/")
    """Below it are the files by which the kernel tells what its sensors measure."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """What the model can do and know here, what that may cost, and how a session with it is made."""

    wiring: Wiring
    toolbox: Toolbox
    memory: Memory
    sight: Sight | None
    usage: Usage
    budget: Budget
    options: Callable[[], LiveOptions]
    """What a session that opens now is told; raises NoSession."""
    make_session: SessionMaker
    """… and such a session."""

    @property
    def viewfinder(self) -> Viewfinder | None:
        return self.sight.viewfinder if self.sight else None

    @property
    def witnesses(self) -> Sequence[Witness]:
        own = (self.usage, self.memory.transcript, self.memory.resumption, self.viewfinder)
        return [*self.wiring.witnesses, *(witness for witness in own if witness)]


@dataclass(frozen=True)
class Premises:
    """What has to be opened, and closed again: everything else is made of it."""

    wiring: Wiring
    store: Store


@asynccontextmanager
async def opened(settings: Settings, drivers: Drivers, open_store: Callable[[], Store]) -> AsyncIterator[Premises]:
    """Claim the pins and open the state; on leaving, close it, and make every output safe. Raises HardwareError."""
    clocks = drivers.clocks or MachineClocks()
    with wired(settings, drivers.pins, local_time(clocks), drivers.root) as wiring:
        async with await asyncio.to_thread(open_store) as store:
            wiring.remember(store, boot_time(clocks))
            yield Premises(wiring, store)


@asynccontextmanager
async def equipped(
    settings: Settings, drivers: Drivers, open_store: Callable[[], Store], *, whom: str = ""
) -> AsyncIterator[Equipment]:
    """Equipment with the tools for the devices alone, on premises of its own. Raises HardwareError."""
    async with opened(settings, drivers, open_store) as premises:
        with equipment_on(premises, settings, drivers, premises.wiring.toolbox, whom=whom) as equipment:
            yield equipment


@contextmanager
def equipment_on(
    premises: Premises, settings: Settings, drivers: Drivers, toolbox: Toolbox, *, whom: str = ""
) -> Iterator[Equipment]:
    """Beside what is in the `toolbox` the model gets the tools of memory and sight.

    A conversation is taken up again with `whom` it was: the model, if nothing else is said.
    """
    live, store = settings.live, premises.store
    memory = memory_of(settings.history, live.context, whom or live.model, store, drivers.wall)
    try:
        yield _equipment(settings, drivers, premises, toolbox, memory)
    finally:
        memory.transcript.finish()


def _equipment(settings: Settings, drivers: Drivers, premises: Premises, toolbox: Toolbox, memory: Memory) -> Equipment:
    """Each thing that a model can do is a line here, with the table of the settings that it takes."""
    live = settings.live
    sight = sight_of(settings.camera, live.media_resolution)
    usage = Usage(
        premises.store,
        live.model,
        LocalClock(drivers.wall).now,
        prices_of(settings.prices),
        resumption=memory.resumption,
        recycle_tokens=settings.usage.recycle_tokens,
    )
    budget = budget_of(settings.usage, usage)
    tools = toolbox.with_more([*memory.tools, *(sight.tools if sight else ())])
    briefing = Briefing(
        toolbox=tools,
        resumption=memory.resumption,
        recollection=memory.recollection,
        budget=budget,
        viewfinder=sight.viewfinder if sight else None,
    )
    return Equipment(
        wiring=premises.wiring,
        toolbox=tools,
        memory=memory,
        sight=sight,
        usage=usage,
        budget=budget,
        options=options_maker(settings, drivers.environ, briefing),
        make_session=session_maker(settings, drivers.environ, briefing),
    )
