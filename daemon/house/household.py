"""One household, put together from the settings and from drivers: for the service, the demo and the tests alike."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from daemon.abilities.memory.remembering import memory_of
from daemon.abilities.sight.opening import sight_of
from daemon.appliance.appliance import Appliance, Parts
from daemon.hearing.making import alsa_microphone, listener_of
from daemon.house.manners import rules_of
from daemon.house.sessions import session_maker
from daemon.house.wiring import gpio_pins, wired
from daemon.sound.capture import CaptureConverter
from daemon.speech.announcements import Announcements
from daemon.speech.making import alsa_speaker, speaker_format
from daemon.spending.making import budget_of, prices_of
from daemon.spending.usage import Usage
from daemon.state.store import StateError, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from daemon.abilities.sight.opening import Sight
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.conversation.rules import Rules
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings
    from daemon.house.settings import Settings
    from daemon.house.wiring import Pins, Wiring
    from daemon.live.asked import SessionMaker
    from daemon.speech.settings import SpeakerSettings
    from daemon.spending.budget import Budget
    from daemon.tools.tool import Toolbox
    from hardware.base import Button, Indicator, Microphone, PlayoutSource, Speaker

    LookOn: TypeAlias = Callable[[Wiring, Listener], Sequence[Witness]]
    """Who looks on in a household of these wires and ears."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """What hears, speaks, is pressed and shines: the real ones, or in a demo and in tests the shipped ones without.

    Opening any may raise HardwareError, loading the ears ModelFileError. A button or a light that is named here takes
    the place of the one of the settings. `wall` is the wall clock in seconds.
    """

    microphone: Callable[[MicrophoneSettings], Microphone] = alsa_microphone
    speaker: Callable[[SpeakerSettings], Callable[[PlayoutSource], Speaker]] = alsa_speaker
    listener: Callable[[WakeSettings, ListeningSettings], Listener] = listener_of
    pins: Pins = gpio_pins
    rules: Callable[[Settings], Rules] = rules_of
    button: Button | None = None
    indicator: Indicator | None = None
    wall: Callable[[], float] = time.time
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, kw_only=True)
class Household:
    """What there is in one, ready: `appliance.run()` is its life."""

    appliance: Appliance
    wiring: Wiring
    announcements: Announcements
    memory: Memory
    usage: Usage


def nobody(_wiring: Wiring, _listener: Listener) -> Sequence[Witness]:
    return ()


@asynccontextmanager
async def household(
    settings: Settings,
    drivers: Drivers,
    state: Path | None = None,
    *,
    look_on: LookOn = nobody,
    toolbox: Toolbox | None = None,
) -> AsyncIterator[Household]:
    """Open what the settings name; on leaving, make every output safe, and close all in reverse.

    `state` is the file that outlives it; without one all is forgotten. With a `toolbox` the model gets those tools in
    place of those for the devices. Raises HardwareError, ModelFileError.
    """
    async with AsyncExitStack() as stack:
        wiring = stack.enter_context(wired(settings, drivers.pins))
        store = await stack.enter_async_context(await asyncio.to_thread(store_of, state))
        abilities = _abilities(settings, drivers, store, toolbox or wiring.toolbox)
        stack.callback(abilities.memory.transcript.finish)
        listener = await asyncio.to_thread(drivers.listener, settings.wake, settings.listening)
        announcements = Announcements()
        parts = _parts(settings, drivers, wiring, abilities, listener, announcements, look_on(wiring, listener))
        for part in (parts.button, parts.mute_button, parts.indicator):
            if part:
                await stack.enter_async_context(part)
        yield Household(
            appliance=Appliance(parts),
            wiring=wiring,
            announcements=announcements,
            memory=abilities.memory,
            usage=abilities.usage,
        )


@dataclass(frozen=True)
class _Abilities:
    """What the model can do and know here, and what that may cost."""

    toolbox: Toolbox
    memory: Memory
    sight: Sight | None
    usage: Usage
    budget: Budget

    @property
    def viewfinder(self) -> Viewfinder | None:
        return self.sight.viewfinder if self.sight else None

    @property
    def witnesses(self) -> Sequence[Witness]:
        own = (self.usage, self.memory.transcript, self.memory.resumption, self.viewfinder)
        return [witness for witness in own if witness]


def _abilities(settings: Settings, drivers: Drivers, store: Store, toolbox: Toolbox) -> _Abilities:
    """Each thing that a model can do is a line here, with the table of the settings that it takes."""
    live = settings.live
    memory = memory_of(settings.history, live.context, live.model, store, drivers.wall)
    sight = sight_of(settings.camera, live.media_resolution)
    usage = Usage(
        store,
        live.model,
        lambda: datetime.fromtimestamp(drivers.wall()).astimezone(),
        prices_of(settings.prices),
        resumption=memory.resumption,
        recycle_tokens=settings.usage.recycle_tokens,
    )
    tools = toolbox.with_more([*memory.tools, *(sight.tools if sight else ())])
    return _Abilities(tools, memory, sight, usage, budget_of(settings.usage, usage))


def _parts(
    settings: Settings,
    drivers: Drivers,
    wiring: Wiring,
    abilities: _Abilities,
    listener: Listener,
    announcements: Announcements,
    witnesses: Sequence[Witness],
) -> Parts:
    microphone, mic = drivers.microphone(settings.microphone), settings.microphone
    return Parts(
        microphone=microphone,
        converter=CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db),
        speaker_format=speaker_format(settings.speaker),
        make_speaker=drivers.speaker(settings.speaker),
        volume=settings.speaker.volume,
        listener=listener,
        toolbox=abilities.toolbox,
        make_session=_session_maker(settings, drivers, abilities),
        announcement=announcements,
        budget=abilities.budget,
        button=drivers.button or wiring.button,
        mute_button=wiring.mute_button,
        indicator=drivers.indicator or wiring.indicator,
        witnesses=[*witnesses, *abilities.witnesses],
        viewfinder=abilities.viewfinder,
        rules=drivers.rules(settings),
    )


def _session_maker(settings: Settings, drivers: Drivers, abilities: _Abilities) -> SessionMaker:
    memory = abilities.memory
    return session_maker(
        settings,
        abilities.toolbox,
        drivers.environ,
        memory.resumption,
        abilities.budget,
        memory.recollection,
        abilities.viewfinder,
    )


def store_of(path: Path | None) -> Store:
    """The state at `path`; where it cannot be used, as on a full card, one that is forgotten at the end."""
    try:
        return Store(path)
    except StateError as error:
        log.warning("nothing will be remembered over a restart, what was spent before counts in no limit: %s", error)
        return Store()
