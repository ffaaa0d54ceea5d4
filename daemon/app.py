"""The composition root: settings in, an appliance that runs out.

Everything is built here from the settings, started in order and stopped in reverse. The demo and the system tests
build the same appliance around a recorded microphone and speaker.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from daemon.announcements import Announcements
from daemon.appliance import Appliance, Parts, SessionMaker
from daemon.conversation import Conversation, Rules
from daemon.live.credentials import find_key
from daemon.live.options import LiveOptions
from daemon.live.session import LiveSession, preload
from daemon.offline.voice import Espeak
from daemon.sound.capture import CaptureConverter
from daemon.sound.endpoint import Endpointer
from daemon.sound.pcm import samples_of_ms
from daemon.wake.engine import WakeEngine
from daemon.wake.listener import Listener
from daemon.wake.silero import VoiceActivity
from daemon.wiring import Wiring, wired
from hardware.base import PcmFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.appliance import Witness
    from daemon.commands import Command
    from daemon.events import Event
    from daemon.live.messages import SessionMessage
    from daemon.live.uplink import Uplink
    from daemon.settings import MicrophoneSettings, Settings, SpeakerSettings
    from daemon.sound.pcm import Samples
    from daemon.supervision import Supervisor
    from hardware.base import Microphone, PlayoutSource, Speaker

log = logging.getLogger(__name__)


async def run(settings: Settings, supervisor: Supervisor) -> None:
    """The service: until cancelled, or until a part fails, which is raised."""
    with wired(settings) as wiring:
        announcements = Announcements()
        parts = parts_of(
            settings,
            wiring,
            microphone=alsa_microphone(settings.microphone),
            make_speaker=alsa_speaker(settings.speaker),
            listener=await asyncio.to_thread(listener_of, settings),
            announcements=announcements,
            witnesses=[StatusLine(supervisor)],
        )
        appliance = Appliance(parts)
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            await enter_hands(stack, wiring, appliance)
            helpers = [
                group.create_task(supervisor.run()),
                group.create_task(_get_ready(appliance, settings, supervisor, announcements)),
            ]
            await appliance.run()
            for helper in helpers:
                helper.cancel()


async def enter_hands(stack: AsyncExitStack, wiring: Wiring, appliance: Appliance) -> None:
    """Open the button and the light for as long as `stack` is."""
    for part in (wiring.button, wiring.mute_button, wiring.indicator):
        if part:
            await stack.enter_async_context(part)
    if wiring.mute_button:
        wiring.mute_button.on_pressed = appliance.switch_mute


def parts_of(
    settings: Settings,
    wiring: Wiring,
    *,
    microphone: Microphone,
    make_speaker: Callable[[PlayoutSource], Speaker],
    listener: Listener,
    announcements: Announcements,
    witnesses: Sequence[Witness] = (),
    environ: Mapping[str, str] = os.environ,
) -> Parts:
    """What the settings make of ears, a speaker and the wires."""
    mic = settings.microphone
    return Parts(
        microphone=microphone,
        converter=CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db),
        speaker_format=speaker_format(settings.speaker),
        make_speaker=make_speaker,
        volume=settings.speaker.volume,
        listener=listener,
        toolbox=wiring.toolbox,
        make_session=session_maker(settings, wiring, environ),
        announcement=announcements,
        button=wiring.button,
        indicator=wiring.indicator,
        witnesses=witnesses,
        rules=rules_of(settings),
    )


def listener_of(settings: Settings) -> Listener:
    """The wake words and the end of speech; loads the models. Raises ModelFileError."""
    wake = settings.wake
    engine = WakeEngine(
        wake.models,
        wake.models_dir,
        threshold=wake.threshold,
        consecutive=wake.consecutive,
        refractory_s=wake.refractory_s,
        gated=wake.gate,
    )
    return Listener(engine, VoiceActivity(wake.models_dir), Endpointer(settings.listening.end_silence_ms))


def rules_of(settings: Settings) -> Rules:
    listening = settings.listening
    return Rules(
        nothing_said_s=listening.nothing_said_s,
        longest_utterance_s=listening.longest_utterance_s,
        reply_deadline_s=listening.reply_deadline_s,
        longest_reply_s=listening.longest_reply_s,
        follow_up_s=listening.follow_up_s,
        linger_s=listening.linger_s,
        hold_ms=settings.button.hold_ms,
        tail_samples=samples_of_ms(settings.button.tail_ms),
    )


def session_maker(settings: Settings, wiring: Wiring, environ: Mapping[str, str]) -> SessionMaker:
    """Makes sessions as the settings say; the key is looked up anew each time, so that one added later is found."""

    def make(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> LiveSession:
        key = find_key(settings.live.credential.file, environ)
        return LiveSession(live_options(settings, key, wiring), uplink, on_message)

    return make


def live_options(settings: Settings, key: str, wiring: Wiring | None = None) -> LiveOptions:
    live = settings.live
    return LiveOptions(
        api_key=key,
        model=live.model,
        voice=live.voice,
        language=settings.reply_language,
        system_instruction=_instruction(settings),
        tools=wiring.toolbox.declarations() if wiring else (),
        endpoint=live.endpoint,
        ca_file=live.ca_file,
        api_version=live.api_version,
        connect_timeout_s=live.connect_timeout_s,
    )


def _instruction(settings: Settings) -> str:
    home = settings.household
    facts = [f"The household is called {home.name}."] if home.name else []
    facts += [f"You stand in the {home.room}."] if home.room else []
    return "\n".join([settings.live.system_instruction, *facts])


def microphone_format(microphone: MicrophoneSettings) -> PcmFormat:
    return PcmFormat(
        rate_hz=microphone.rate_hz,
        channels=microphone.channels,
        sample_format=microphone.sample_format,
        period_frames=samples_of_ms(microphone.period_ms, microphone.rate_hz),
    )


def speaker_format(speaker: SpeakerSettings) -> PcmFormat:
    frames = samples_of_ms(speaker.period_ms, speaker.rate_hz)
    return PcmFormat(rate_hz=speaker.rate_hz, channels=speaker.channels, period_frames=frames)


def alsa_microphone(microphone: MicrophoneSettings) -> Microphone:
    from hardware.alsa import AlsaMicrophone

    return AlsaMicrophone(microphone.device, microphone_format(microphone))


def alsa_speaker(speaker: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
    from hardware.alsa import AlsaSpeaker

    return lambda source: AlsaSpeaker(speaker.device, speaker_format(speaker), source)


class StatusLine:
    """Feeds the watchdog with periods, and tells systemd what the conversation is doing. A `Witness`."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._shown = ""

    def happened(self, event: Event, commands: Sequence[Command], conversation: Conversation) -> None:  # noqa: ARG002
        if conversation.pattern.value != self._shown:
            self._shown = conversation.pattern.value
            self._supervisor.status(self._shown)

    def received(self, message: SessionMessage) -> None:
        pass

    def captured(self, samples: Samples) -> None:  # noqa: ARG002
        self._supervisor.feed()


async def _get_ready(
    appliance: Appliance, settings: Settings, supervisor: Supervisor, announcements: Announcements
) -> None:
    """READY once it hears; only then what takes long and is not needed for hearing."""
    await appliance.hearing.wait()
    words = " or ".join(f'"{name}"' for name in settings.wake.models)
    supervisor.ready(f"listening for {words}")
    await preload()
    await announcements.prepare(Espeak().speak)  # the sentences are English
