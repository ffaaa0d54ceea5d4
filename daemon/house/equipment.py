"""What every conversation of this Pipit works with, put together in one place: wires, state, abilities, sessions.

The household is an appliance on top of it, for the service, the demo and the tests; `pipit chat` and `ask` are a
keyboard and a screen on top of it. They differ in settings and drivers.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from daemon.abilities.memory.remembering import memory_of
from daemon.abilities.sight.opening import sight_of
from daemon.hearing.making import alsa_microphone, listener_of
from daemon.house.manners import rules_of
from daemon.house.sessions import Briefing, options_maker, session_maker
from daemon.house.wiring import gpio_pins, wired
from daemon.speech.making import alsa_speaker
from daemon.spending.making import budget_of, prices_of
from daemon.spending.usage import Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from daemon.abilities.memory.remembering import Memory
    from daemon.abilities.sight.opening import Sight
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.abilities.timers.now import Clocks
    from daemon.conversation.rules import Rules
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings
    from daemon.house.settings import Settings
    from daemon.house.wiring import Pins, Wiring
    from daemon.live.asked import SessionMaker
    from daemon.live.options import LiveOptions
    from daemon.speech.settings import SpeakerSettings
    from daemon.spending.budget import Budget
    from daemon.state.store import Store
    from daemon.tools.tool import Tool, Toolbox
    from hardware.base import Button, Indicator, Microphone, PlayoutSource, Speaker

    More: TypeAlias = Callable[[Store, Wiring, Toolbox], Sequence[Tool]]
    """Tools of state, wires and devices."""


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """What hears, speaks, is pressed and shines: the real ones, or in a demo and in tests the shipped ones without.

    Opening any may raise HardwareError, loading the ears ModelFileError. Without `pins` nothing is wired, whatever the
    settings say. A button or a light that is named here takes the place of the one of the settings. `wall` is the wall
    clock in seconds.
    """

    microphone: Callable[[MicrophoneSettings], Microphone] = alsa_microphone
    speaker: Callable[[SpeakerSettings], Callable[[PlayoutSource], Speaker]] = alsa_speaker
    listener: Callable[[WakeSettings, ListeningSettings], Listener] = listener_of
    pins: Pins | None = gpio_pins
    rules: Callable[[Settings], Rules] = rules_of
    button: Button | None = None
    indicator: Indicator | None = None
    clocks: Clocks | None = None
    """Those of timers; without, the machine's."""
    wall: Callable[[], float] = time.time
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
        return [witness for witness in own if witness]


def nothing_more(_store: Store, _wiring: Wiring, _devices: Toolbox) -> Sequence[Tool]:
    return ()


@asynccontextmanager
async def equipped(
    settings: Settings,
    drivers: Drivers,
    open_store: Callable[[], Store],
    *,
    toolbox: Toolbox | None = None,
    whom: str = "",
    more: More = nothing_more,
) -> AsyncIterator[Equipment]:
    """Claim the pins and open the state; on leaving, close it, and make every output safe.

    With a `toolbox` the model gets those tools in place of those for the devices, and `more` beside them. A
    conversation is taken up again with `whom` it was: the model, if nothing else is said. Raises HardwareError.
    """
    async with AsyncExitStack() as stack:
        wiring = stack.enter_context(wired(settings, drivers.pins))
        store = await stack.enter_async_context(await asyncio.to_thread(open_store))
        memory = memory_of(settings.history, settings.live.context, whom or settings.live.model, store, drivers.wall)
        stack.callback(memory.transcript.finish)
        devices = toolbox or wiring.toolbox
        tools = devices.with_more([*memory.tools, *more(store, wiring, devices)])
        yield _equipment(settings, drivers, store, wiring, tools, memory)


def _equipment(
    settings: Settings, drivers: Drivers, store: Store, wiring: Wiring, toolbox: Toolbox, memory: Memory
) -> Equipment:
    """Each thing that a model can do is a line here, with the table of the settings that it takes."""
    live = settings.live
    sight = sight_of(settings.camera, live.media_resolution)
    usage = Usage(
        store,
        live.model,
        lambda: datetime.fromtimestamp(drivers.wall()).astimezone(),
        prices_of(settings.prices),
        resumption=memory.resumption,
        recycle_tokens=settings.usage.recycle_tokens,
    )
    budget = budget_of(settings.usage, usage)
    tools = toolbox.with_more(sight.tools if sight else ())
    briefing = Briefing(
        toolbox=tools,
        resumption=memory.resumption,
        recollection=memory.recollection,
        budget=budget,
        viewfinder=sight.viewfinder if sight else None,
    )
    return Equipment(
        wiring=wiring,
        toolbox=tools,
        memory=memory,
        sight=sight,
        usage=usage,
        budget=budget,
        options=options_maker(settings, drivers.environ, briefing),
        make_session=session_maker(settings, drivers.environ, briefing),
    )
