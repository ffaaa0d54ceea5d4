"""What a household asks for all day, put together: timers, volume, quiet, messages from outside, goodbye."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.farewell.tools import Farewell
from daemon.abilities.quiet.local_clock import LocalClock
from daemon.abilities.quiet.making import quiet_of
from daemon.abilities.quiet.tools import quiet_tools
from daemon.abilities.timers.making import timers_of
from daemon.abilities.volume.making import volumes_of
from daemon.abilities.volume.tools import volume_tools
from daemon.abilities.volume.volume_controls import connect
from daemon.conversation.tool_call import ToolCall
from daemon.speech.bulletins import LONGEST_WAIT_S, Bulletins
from daemon.speech.message_text import LONGEST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from daemon.abilities.quiet.quiet import Quiet
    from daemon.abilities.timers.doings import Post
    from daemon.abilities.timers.making import Timers
    from daemon.abilities.volume.volumes import Volumes
    from daemon.house.equipment import Drivers, Premises
    from daemon.house.household_voice import OwnVoice
    from daemon.house.settings import Settings
    from daemon.tools.tool import Answer, Tool, Toolbox

    Start = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    """Starts what runs beside the appliance, once that runs."""


@dataclass(frozen=True, kw_only=True)
class Daily:
    """`close` it at the end, before the state."""

    quiet: Quiet
    volumes: Volumes
    bulletins: Bulletins
    farewell: Farewell
    timers: Timers | None
    tools: Sequence[Tool]
    step_percent: int
    """How much the voice gets louder or quieter at a time."""

    def turn_volume(self, steps: int) -> None:
        """By hand: up, or down."""
        self.volumes.turn(steps * self.step_percent)

    def close(self) -> None:
        self.volumes.close()
        self.quiet.close()


def daily_of(
    settings: Settings, drivers: Drivers, premises: Premises, devices: Toolbox, voice: OwnVoice, start: Start
) -> Daily:
    """`devices` have the tools by which planned actions act. Needs a running loop."""
    store, wiring = premises.store, premises.wiring
    clock = LocalClock(drivers.wall)
    quiet = quiet_of(settings.quiet, store, clock)
    earcons = settings.quiet.earcons_percent
    volumes = volumes_of(settings.volume, settings.speaker.volume, store, quiet, earcons, clock)
    step = settings.volume.step_percent
    connect(wiring.volume, volumes, step, asyncio.get_running_loop().call_later)
    bulletins = Bulletins(voice.speak, lambda: quiet.active, time.monotonic, start=start)
    quiet.reports_to(bulletins.quiet_changed)
    farewell = Farewell()
    timers = timers_of(
        settings.timers,
        store,
        book=voice.book,
        speak=voice.speak,
        act=_works(devices),
        post=told_by(bulletins),
        devices=_switched(settings, devices),
        clocks=drivers.clocks,
    )
    tools = [
        *(timers.tools if timers else ()),
        *volume_tools(volumes, step),
        *quiet_tools(quiet, clock),
        *farewell.tools(),
    ]
    return Daily(
        quiet=quiet,
        volumes=volumes,
        bulletins=bulletins,
        farewell=farewell,
        timers=timers,
        tools=tools,
        step_percent=step,
    )


def _switched(settings: Settings, devices: Toolbox) -> list[str]:
    if "set_device" not in devices:
        return []
    return [device.name for device in settings.devices if KINDS[device.kind].switched and not device.read_only]


def told_by(bulletins: Bulletins) -> Post:
    """What was missed waits for a day, all else for as long as other messages."""

    def post(text: str, ended: Callable[[], None] | None = None, /) -> int:
        words = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        return bulletins.post(words, expires_s=LONGEST_WAIT_S, ended=ended) if ended else bulletins.post(words)

    return post


def _works(devices: Toolbox) -> Callable[[str, str], Awaitable[Answer]]:
    async def act(device: str, state: str) -> Answer:
        return await devices.call(ToolCall("planned", "set_device", {"device": device, "state": state}))

    return act
