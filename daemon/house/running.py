"""The composition root: settings in, an appliance that runs out.

Everything is built here from the settings, started in order and stopped in reverse. The demo and the system tests
build the same appliance around a recorded microphone and speaker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.abilities.memory.memory import memory_of
from daemon.abilities.sight.opening import sight_of
from daemon.appliance.appliance import Appliance
from daemon.conversation.events import MicrophoneLost, MicrophoneRestored
from daemon.conversation.witness import Witness
from daemon.hearing.making import listener_of
from daemon.house.allocator import give_back
from daemon.house.health import Health
from daemon.house.parts import enter_hands, parts_of
from daemon.house.pins import wired
from daemon.live.session import preload
from daemon.speech.announcements import Announcements
from daemon.speech.synthesis import Espeak
from daemon.spending.making import budget_of, prices_of
from daemon.spending.usage import Usage
from daemon.state.store import FILE, StateError, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation
    from daemon.house.settings import Settings
    from daemon.house.supervision import Supervisor
    from daemon.sound.pcm import Samples
    from hardware.base import Microphone, PlayoutSource, Speaker


log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    supervisor: Supervisor,
    microphone: Microphone,
    make_speaker: Callable[[PlayoutSource], Speaker],
) -> None:
    """The service: until cancelled, or until a part fails, which is raised."""
    async with AsyncExitStack() as stack:
        wiring = stack.enter_context(wired(settings))
        store = await stack.enter_async_context(await asyncio.to_thread(store_of, state_file(os.environ)))
        announcements = Announcements()
        memory = memory_of(settings.history, settings.live.context, settings.live.model, store, time.time)
        stack.callback(memory.transcript.finish)
        usage = Usage(
            store,
            settings.live.model,
            lambda: datetime.now().astimezone(),
            prices_of(settings.prices),
            resumption=memory.resumption,
            recycle_tokens=settings.usage.recycle_tokens,
        )
        sight = sight_of(settings.camera, settings.live.media_resolution)
        health = Health(microphone.counters)
        parts = parts_of(
            settings,
            replace(wiring, toolbox=wiring.toolbox.with_more([*memory.tools, *(sight.tools if sight else ())])),
            microphone=microphone,
            make_speaker=health.of_speaker(make_speaker),
            listener=await asyncio.to_thread(listener_of, settings.wake, settings.listening),
            announcements=announcements,
            witnesses=[StatusLine(supervisor, health), usage, memory.transcript],
            resumption=memory.resumption,
            recollection=memory.recollection,
            budget=budget_of(settings.usage, usage),
            viewfinder=sight.viewfinder if sight else None,
        )
        appliance = Appliance(parts)
        await enter_hands(stack, wiring)
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(supervisor.run()),
                group.create_task(memory.history.keep_tidy()),
                group.create_task(_get_ready(appliance, settings, supervisor, announcements)),
            ]
            await appliance.run()
            for helper in helpers:
                helper.cancel()


def store_of(path: Path | None) -> Store:
    """The state at `path`; where it cannot be used, as on a full card, one that is forgotten at the end."""
    try:
        return Store(path)
    except StateError as error:
        log.warning("nothing will be remembered over a restart, what was spent before counts in no limit: %s", error)
        return Store()


def state_file(environ: Mapping[str, str]) -> Path | None:
    """Where systemd lets the service keep its state; None elsewhere, and then nothing outlives the process."""
    folder = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(folder) / FILE if folder else None


class StatusLine(Witness):
    """Feeds the watchdog with periods, and tells systemd what the conversation is doing, and what is wrong."""

    def __init__(self, supervisor: Supervisor, health: Health) -> None:
        self._supervisor = supervisor
        self._health = health
        self._pattern = self._shown = ""

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:  # noqa: ARG002
        if isinstance(event, MicrophoneLost | MicrophoneRestored):
            self._supervisor.microphone_lost = isinstance(event, MicrophoneLost)
        self._health.happened(event)
        self._pattern = situation.pattern.value
        self._show()

    def captured(self, samples: Samples) -> None:
        self._supervisor.feed()
        if self._health.captured(samples):
            self._show()

    def _show(self) -> None:
        shown = "; ".join(part for part in (self._pattern, self._health.line) if part)
        if shown != self._shown:
            self._shown = shown
            self._supervisor.status(shown)


async def _get_ready(
    appliance: Appliance, settings: Settings, supervisor: Supervisor, announcements: Announcements
) -> None:
    """READY once it hears; only then what takes long and is not needed for hearing."""
    await appliance.hearing.wait()
    give_back()
    words = " or ".join(f'"{name}"' for name in settings.wake.models)
    supervisor.ready(f"listening for {words}")
    await preload()
    give_back()
    await announcements.prepare(Espeak().speak)  # the sentences are English
