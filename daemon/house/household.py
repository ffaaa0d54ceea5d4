"""One household: an appliance on its equipment, for the service, the demo and the tests alike."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from daemon.appliance.appliance import Appliance, Parts
from daemon.house.equipment import equipped
from daemon.sound.capture import CaptureConverter
from daemon.speech.announcements import Announcements
from daemon.speech.making import speaker_format
from daemon.state.store import StateError, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.house.equipment import Drivers, Equipment
    from daemon.house.settings import Settings
    from daemon.house.wiring import Wiring
    from daemon.spending.usage import Usage
    from daemon.tools.tool import Toolbox

    LookOn: TypeAlias = Callable[[Wiring, Listener], Sequence[Witness]]
    """Who looks on in a household of these wires and ears."""

log = logging.getLogger(__name__)


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
        own = equipped(settings, drivers, partial(store_of, state), toolbox=toolbox)
        equipment = await stack.enter_async_context(own)
        listener = await asyncio.to_thread(drivers.listener, settings.wake, settings.listening)
        announcements = Announcements()
        onlookers = look_on(equipment.wiring, listener)
        parts = _parts(settings, drivers, equipment, listener, announcements, onlookers)
        for part in (parts.button, parts.mute_button, parts.indicator):
            if part:
                await stack.enter_async_context(part)
        yield Household(
            appliance=Appliance(parts),
            wiring=equipment.wiring,
            announcements=announcements,
            memory=equipment.memory,
            usage=equipment.usage,
        )


def _parts(
    settings: Settings,
    drivers: Drivers,
    equipment: Equipment,
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
        toolbox=equipment.toolbox,
        make_session=equipment.make_session,
        announcement=announcements,
        budget=equipment.budget,
        button=drivers.button or equipment.wiring.button,
        mute_button=equipment.wiring.mute_button,
        indicator=drivers.indicator or equipment.wiring.indicator,
        witnesses=[*witnesses, *equipment.witnesses],
        viewfinder=equipment.viewfinder,
        rules=drivers.rules(settings),
    )


def store_of(path: Path | None) -> Store:
    """The state at `path`; where it cannot be used, as on a full card, one that is forgotten at the end."""
    try:
        return Store(path)
    except StateError as error:
        log.warning("nothing will be remembered over a restart, what was spent before counts in no limit: %s", error)
        return Store()
