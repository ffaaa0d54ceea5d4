"""From settings to parts: what the appliance is built of, for the service, the demo and the tests alike."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from daemon.abilities.sight.viewfinder import SHOWING_TOOLS
from daemon.appliance.appliance import Parts
from daemon.conversation.rules import Rules
from daemon.house.instruction import instruction
from daemon.live.credentials import find_key, find_secret
from daemon.live.options import Context, LiveOptions, Sampling, Service, Transcription, TurnTaking
from daemon.live.profiles import profile_of, waits_for_tools
from daemon.live.session import LiveSession
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import samples_of_ms
from daemon.speech.making import speaker_format
from daemon.speech.narrator import NarratedSession
from daemon.speech.synthesis import Espeak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AsyncExitStack

    from daemon.abilities.memory.recollection import Recollection
    from daemon.abilities.memory.resumption import Resumption
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.broker.device import BrokerTokens
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.house.pins import Wiring
    from daemon.house.settings import Settings
    from daemon.live.asked import Session, SessionMaker
    from daemon.live.settings import GoogleSettings, TurnSettings
    from daemon.live.uplink import Uplink
    from daemon.speech.announcements import Announcements
    from daemon.spending.budget import Budget
    from hardware.base import Microphone, PlayoutSource, Speaker


async def enter_hands(stack: AsyncExitStack, wiring: Wiring) -> None:
    """Open the buttons and the light for as long as `stack` is."""
    for part in (wiring.button, wiring.mute_button, wiring.indicator):
        if part:
            await stack.enter_async_context(part)


def parts_of(
    settings: Settings,
    wiring: Wiring,
    *,
    microphone: Microphone,
    make_speaker: Callable[[PlayoutSource], Speaker],
    listener: Listener,
    announcements: Announcements,
    witnesses: Sequence[Witness] = (),
    resumption: Resumption | None = None,
    recollection: Recollection | None = None,
    budget: Budget | None = None,
    viewfinder: Viewfinder | None = None,
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
        make_session=session_maker(settings, wiring, environ, resumption, budget, recollection, viewfinder),
        announcement=announcements,
        budget=budget,
        button=wiring.button,
        mute_button=wiring.mute_button,
        indicator=wiring.indicator,
        witnesses=[*witnesses, *(witness for witness in (resumption, viewfinder) if witness)],
        viewfinder=viewfinder,
        rules=rules_of(settings),
    )


def rules_of(settings: Settings) -> Rules:
    listening = settings.listening
    return Rules(
        tools_wait=waits_for_tools(settings.live.model, settings.live.tools.waiting),
        showing=SHOWING_TOOLS,
        automatic=settings.live.turns.taking == "automatic",
        nothing_said_s=listening.nothing_said_s,
        longest_utterance_s=listening.longest_utterance_s,
        reply_deadline_s=listening.reply_deadline_s,
        stalled_reply_s=profile_of(settings.live.model).longest_pause_s,
        longest_reply_s=listening.longest_reply_s,
        follow_up_s=listening.follow_up_s,
        linger_s=listening.linger_s,
        hold_ms=settings.button.hold_ms,
        tail_samples=samples_of_ms(settings.button.tail_ms),
    )


def session_maker(
    settings: Settings,
    wiring: Wiring,
    environ: Mapping[str, str],
    resumption: Resumption | None = None,
    budget: Budget | None = None,
    recollection: Recollection | None = None,
    viewfinder: Viewfinder | None = None,
) -> SessionMaker:
    """Makes sessions as the settings say; the key is looked up anew each time, so that one added later is found.

    With a token broker there is no key: the session asks for a token itself, when it runs.
    """
    tokens = broker_tokens(settings, environ)

    def make(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        if budget:
            budget.check()
        options = authorised_options(settings, environ, wiring, tokens=tokens)
        if resumption:
            options = replace(options, handle=resumption.handle)
        if recollection:
            options = replace(options, history=recollection.remarks())
        session = LiveSession(options, uplink, on_message)
        if viewfinder:
            viewfinder.attach(session)
        return session

    def make_narrated(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        return NarratedSession(make, Espeak(settings.reply_language).speak, uplink, on_message)

    return make_narrated if settings.live.response == "text" else make


def broker_tokens(settings: Settings, environ: Mapping[str, str]) -> BrokerTokens | None:
    """Where tokens come from; None where a key is used."""
    credential = settings.live.credential
    if not credential.broker:
        return None
    from daemon.broker.device import BrokerTokens  # brings h11, which a device with a key need not remember

    return BrokerTokens(
        credential.broker,
        credential.broker_ca_file,
        lambda: find_secret(credential.secret_file, environ),
        settings.live.model,
    )


def authorised_options(
    settings: Settings,
    environ: Mapping[str, str],
    wiring: Wiring | None = None,
    *,
    tokens: BrokerTokens | None,
    key_file: str = "",
) -> LiveOptions:
    """What a session that opens now is told, with where its token comes from, or else the key. Raises KeyMissing.

    The key is looked up in `key_file` if that is named, not where the settings say.
    """
    key = "" if tokens else find_key(key_file or settings.live.credential.file, environ)
    return replace(live_options(settings, key, wiring), tokens=tokens)


def live_options(settings: Settings, key: str, wiring: Wiring | None = None) -> LiveOptions:
    """What a session that opens now is told."""
    live = settings.live
    return LiveOptions(
        api_key=key,
        model=live.model,
        voice=live.voice,
        language=settings.reply_language,
        system_instruction=instruction(settings, datetime.now().astimezone()),
        tools=wiring.toolbox.declarations() if wiring else (),
        tool_mode=live.tools.waiting,
        showing=SHOWING_TOOLS,
        scheduling=live.tools.scheduling,
        modality="TEXT" if live.response == "text" else "AUDIO",
        media_resolution=live.media_resolution,
        turns=_turn_taking(live.turns),
        transcription=Transcription(**live.transcription.model_dump()),
        sampling=Sampling(**live.sampling.model_dump()),
        thinking_level=live.thinking.level,
        thinking_budget=live.thinking.budget,
        affective=live.dialog.affective,
        proactive_audio=live.dialog.proactive_audio,
        services=_services(live.google),
        safety={category: threshold for category, threshold in live.safety.model_dump().items() if threshold},
        context=Context(**live.context.model_dump(exclude={"resume_h"})),
        resumable=live.context.resume_h > 0,
        endpoint=live.endpoint,
        ca_file=live.ca_file,
        api_version=live.api_version,
        connect_timeout_s=live.connect_timeout_s,
    )


def _turn_taking(turns: TurnSettings) -> TurnTaking:
    return TurnTaking(automatic=turns.taking == "automatic", **turns.model_dump(exclude={"taking"}))


def _services(google: GoogleSettings) -> frozenset[Service]:
    offered: dict[Service, bool] = {
        "search": google.search,
        "url_context": google.url_context,
        "code_execution": google.code_execution,
    }
    return frozenset(name for name, wanted in offered.items() if wanted)
