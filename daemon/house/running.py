"""The service: a household under the eyes of the service manager."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.control_socket.making import control_of
from daemon.conversation.answering import Answering, BrainAnswering
from daemon.conversation.events import MicrophoneLost, MicrophoneRestored
from daemon.conversation.witness import Witness
from daemon.hearing.levels import set_board_levels
from daemon.house.allocator import give_back, keep_together
from daemon.house.barge_in import on_record_here, only_where_measured
from daemon.house.health import Health
from daemon.house.household import household
from daemon.live.session import preload
from daemon.state.store import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation
    from daemon.hearing.listener import Listener
    from daemon.house.equipment import Drivers
    from daemon.house.household import Household
    from daemon.house.settings import Settings
    from daemon.house.supervision import Supervisor
    from daemon.house.wiring import Wiring
    from daemon.sound.pcm import Samples


AT_HOME = "the brain at home answers"


async def run(settings: Settings, supervisor: Supervisor, drivers: Drivers) -> None:
    """The service: until cancelled, or until a part fails, which is raised."""
    keep_together()
    microphone = drivers.microphone(settings.microphone)
    health = Health(microphone.counters)
    watched = replace(
        drivers,
        microphone=lambda _: microphone,
        speaker=lambda speaker: health.of_speaker(drivers.speaker(speaker)),
        echo=lambda mic, speaker: health.of_echo(drivers.echo(mic, speaker)),
        rules=lambda own: only_where_measured(
            drivers.rules(own), own, on_record_here(drivers.environ), health.echo, health.only_by_word
        ),
    )
    state, status = state_file(drivers.environ), StatusLine(supervisor, health)
    async with household(settings, watched, state, look_on=status.over) as house, asyncio.TaskGroup() as group:
        health.of_own_words(partial(_refused, house))
        await asyncio.to_thread(set_board_levels, settings.microphone.device, settings.speaker.device)
        helpers = [
            group.create_task(supervisor.run(house.appliance.catch_up)),
            group.create_task(house.memory.history.keep_tidy()),
            group.create_task(_get_ready(house, settings, supervisor)),
        ]
        powers = replace(house.powers, troubles=lambda: health.line)
        if control := control_of(powers, drivers.environ):
            helpers.append(group.create_task(control.run()))
        await house.appliance.run()
        for helper in helpers:
            helper.cancel()


def _refused(house: Household) -> tuple[int, int]:
    """Wake words and stop words that nobody said."""
    own, stop = house.own_words, house.stop_word
    return own.refused if own else 0, stop.refused if stop else 0


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
        self._answering = Answering()

    def over(self, wiring: Wiring, _listener: Listener) -> list[Witness]:
        """Looks on in a household of these wires."""
        if wiring.sensors:
            wiring.sensors.watch(self._sensor)
        return [self]

    def _sensor(self, name: str, wrong: str) -> None:
        self._health.sensor(name, wrong)
        self._show()

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        if isinstance(event, MicrophoneLost | MicrophoneRestored):
            self._supervisor.microphone_lost = isinstance(event, MicrophoneLost)
        self._health.happened(event)
        self._answering.happened(event, commands, situation)
        self._pattern = situation.pattern.value
        self._show()

    def captured(self, samples: Samples) -> None:
        self._supervisor.feed()
        if self._health.captured(samples):
            self._show()

    def _show(self) -> None:
        home = AT_HOME if self._answering.brain is BrainAnswering.HOME else ""
        shown = "; ".join(part for part in (self._pattern, home, self._health.line) if part)
        if shown != self._shown:
            self._shown = shown
            self._supervisor.status(shown)


async def _get_ready(house: Household, settings: Settings, supervisor: Supervisor) -> None:
    """READY once it hears; only then what takes long and is not needed for hearing."""
    await house.appliance.hearing.wait()
    give_back()
    words = " or ".join(f'"{name}"' for name in settings.wake.models)
    supervisor.ready(f"listening for {words}")
    await preload(http=False)
    give_back()
    await house.announcements.prepare(house.voice.speak, house.voice.book)
    give_back()
    if house.at_home:
        await house.at_home.load()
