"""One household: an appliance on its equipment, for the service, the demo and the tests alike."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from daemon.abilities.quiet.local_clock import LocalClock
from daemon.abilities.quiet.quiet_indicator import QuietIndicator
from daemon.appliance.appliance import Appliance
from daemon.appliance.mute_switch import follow
from daemon.appliance.parts import Parts
from daemon.at_home.making import at_home_of, recogniser_installed
from daemon.control_socket.powers import Powers
from daemon.control_socket.standing import Standing
from daemon.conversation.events import RingDue
from daemon.hearing.own_words import OwnWords
from daemon.hearing.stop_word import StopWord
from daemon.house.daily import daily_of, told_by
from daemon.house.equipment import equipment_on, opened
from daemon.house.household_voice import own_voice
from daemon.house.light_news import told_to_light
from daemon.sentences.shelf import primary_of
from daemon.sound.capture import CaptureConverter
from daemon.speech.announcements import Announcements
from daemon.speech.making import speaker_format
from daemon.state.store import StateError, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
    from pathlib import Path
    from typing import Any

    from daemon.abilities.memory.remembering import Memory
    from daemon.at_home.making import AtHome
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.house.daily import Daily
    from daemon.house.equipment import Drivers, Equipment
    from daemon.house.household_voice import OwnVoice
    from daemon.house.settings import Settings
    from daemon.house.wiring import Wiring
    from daemon.live.settings import LiveSettings
    from daemon.sound.capture import Converter
    from daemon.sound.echo.echo_path import EchoPath
    from daemon.spending.usage import Usage
    from daemon.tools.tool import Toolbox

    Companion: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

    LookOn: TypeAlias = Callable[[Wiring, Listener], Sequence[Witness]]
    """Who looks on in a household of these wires and ears."""

TRIAL: Final = "a trial"
"""What rings for `pipit ring`: nobody keeps it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Household:
    """What there is in one, ready: `appliance.run()` is its life."""

    appliance: Appliance
    wiring: Wiring
    announcements: Announcements
    voice: OwnVoice
    memory: Memory
    usage: Usage
    at_home: AtHome | None
    """The brain at home, unless it is never to answer."""
    powers: Powers
    """What can be asked of it from outside."""
    own_words: OwnWords | None
    """Who tells wake words that are played from those that people say."""
    stop_word: StopWord | None


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
        voice = await asyncio.to_thread(own_voice, settings.household.language)
        premises = await stack.enter_async_context(opened(settings, drivers, partial(store_of, state)))
        devices = toolbox or premises.wiring.toolbox
        daily = daily_of(settings, drivers, premises, devices, voice, lambda work: appliance.start(work))
        stack.callback(daily.close)
        tools = devices.with_more(daily.tools)
        equipment = stack.enter_context(equipment_on(premises, settings, drivers, tools))
        listener = await asyncio.to_thread(drivers.listener, settings.wake, settings.listening)
        announcements = Announcements(state.parent if state else None)
        standing = Standing()
        onlookers = [*look_on(equipment.wiring, listener), standing, daily.bulletins]
        at_home = _at_home(settings, drivers, equipment)
        companions = _companions(equipment, daily, at_home, lambda: appliance)
        echo = drivers.echo(settings.microphone, settings.speaker)
        own_words = _own_words(settings, listener, echo)
        parts = _parts(settings, drivers, equipment, daily, listener, announcements, onlookers, companions, echo)
        parts = replace(parts, at_home=at_home, probe=partial(_reachable, settings.live))
        ducks = settings.listening.duck and echo is not None and echo.taken_out
        stop_word = _stop_word(settings, at_home, echo)
        parts = replace(parts, stop_word=stop_word, ducks=ducks)
        knobs = (knob for _, knob in equipment.wiring.knobs)
        for part in (parts.button, parts.mute_button, parts.indicator, *equipment.wiring.volume, *knobs):
            if part:
                await stack.enter_async_context(part)
        appliance = Appliance(parts)
        yield Household(
            appliance=appliance,
            wiring=equipment.wiring,
            announcements=announcements,
            voice=voice,
            memory=equipment.memory,
            usage=equipment.usage,
            at_home=at_home,
            powers=_powers(appliance, standing, equipment, daily, drivers),
            own_words=own_words,
            stop_word=stop_word,
        )


def _parts(
    settings: Settings,
    drivers: Drivers,
    equipment: Equipment,
    daily: Daily,
    listener: Listener,
    announcements: Announcements,
    witnesses: Sequence[Witness],
    companions: Sequence[Companion],
    echo: EchoPath | None,
) -> Parts:
    microphone, mic = drivers.microphone(settings.microphone), settings.microphone
    light = drivers.indicator or equipment.wiring.indicator
    keeper = daily.timers.keeper if daily.timers else None
    converter: Converter = CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db)
    make_speaker = drivers.speaker(settings.speaker)
    if echo:
        converter, make_speaker = echo.clean(converter, microphone.format), echo.overhear(make_speaker)
    return Parts(
        microphone=microphone,
        converter=converter,
        speaker_format=speaker_format(settings.speaker),
        make_speaker=make_speaker,
        volume=settings.speaker.volume,
        listener=listener,
        toolbox=equipment.toolbox,
        make_session=equipment.make_session,
        announcement=announcements,
        budget=equipment.budget,
        button=drivers.button or equipment.wiring.button,
        mute_button=equipment.wiring.mute_button,
        indicator=light and QuietIndicator(light, daily.quiet, settings.quiet.light),
        witnesses=[*witnesses, *equipment.witnesses, *told_to_light(light, daily, settings.quiet.light)],
        viewfinder=equipment.viewfinder,
        ringing=keeper,
        telling=daily.bulletins,
        volumes=daily.volumes,
        reporters=(daily.farewell,),
        companions=companions,
        rules=drivers.rules(settings),
    )


def _own_words(settings: Settings, listener: Listener, echo: EchoPath | None) -> OwnWords | None:
    if echo is None:
        return None
    own_words = OwnWords(echo.loopback, listener.engine, settings.wake.threshold)
    listener.beware(own_words.is_own)
    return own_words


async def _reachable(live: LiveSettings) -> bool:
    """Whether the service answers again; asked only after it did not."""
    from daemon.live.probe import reachable

    return await reachable(live)


def _at_home(settings: Settings, drivers: Drivers, equipment: Equipment) -> AtHome | None:
    start = drivers.brain(settings.wake.models_dir, settings.offline.memory_mb, drivers.environ)
    return at_home_of(settings.offline, start, equipment.toolbox.declarations, settings.reply_language)


def _stop_word(settings: Settings, at_home: AtHome | None, echo: EchoPath | None) -> StopWord | None:
    """None where nobody would read it, or it would be read as if it were English."""
    english = primary_of(settings.household.language) == "en"
    wanted = settings.listening.stop_word and english and recogniser_installed(settings.wake.models_dir)
    if not (at_home and wanted):
        return None
    return StopWord(at_home, echo.loopback if echo else None, over_replies=bool(echo and echo.taken_out))


def _companions(
    equipment: Equipment, daily: Daily, at_home: AtHome | None, appliance: Callable[[], Appliance]
) -> list[Companion]:
    """What lives beside the appliance, which is asked for when it runs."""
    companions: list[Companion] = [daily.timers.keeper.run] if daily.timers else []
    companions += [at_home.brain.run] if at_home else []
    wiring = equipment.wiring
    if switch := wiring.mute_switch:
        companions.append(lambda: follow(switch, lambda held: appliance().hold_mute(held)))
    if wiring.sensors:
        companions.append(wiring.sensors.look_after)
    if wiring.inputs or wiring.knobs:
        from daemon.abilities.inputs.deeds import Deeds
        from daemon.abilities.inputs.watching import Watched, turning, watch

        deeds = Deeds(
            toolbox=equipment.toolbox,
            say=told_by(daily.bulletins),
            listen=lambda: appliance().listen(),
            mute=lambda: appliance().mute(muted=True),
            turn_volume=daily.turn_volume,
            start=lambda work: appliance().start(work),
        )
        for table, knob in wiring.knobs:
            turning(table, knob, deeds)
        watched = [Watched(table, switch, deeds) for table, switch in wiring.inputs]
        companions.append(lambda: watch(watched))
    return companions


def _powers(appliance: Appliance, standing: Standing, equipment: Equipment, daily: Daily, drivers: Drivers) -> Powers:
    return Powers(
        standing=standing,
        mute=lambda muted: appliance.mute(muted=muted),
        toolbox=equipment.toolbox,
        now=LocalClock(drivers.wall).now,
        bulletins=daily.bulletins,
        is_quiet=lambda: daily.quiet.active,
        ring=lambda: appliance.dispatch(RingDue(TRIAL)),
    )


def store_of(path: Path | None) -> Store:
    """The state at `path`; where it cannot be used, as on a full card, one that is forgotten at the end."""
    try:
        return Store(path)
    except StateError as error:
        log.warning("nothing will be remembered over a restart, what was spent before counts in no limit: %s", error)
        return Store()
