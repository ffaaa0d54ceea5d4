"""`pipit chat`: from the command line to a conversation, built of the parts beside this file."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from daemon.chat.account import Account
from daemon.chat.aloud import AloudTalk
from daemon.chat.continuity import Continuity, open_state
from daemon.chat.keyboard import edited_lines, terminal_restored, typed_lines
from daemon.chat.line import connected
from daemon.chat.screen import Look, Screen
from daemon.chat.talk import Parts, Spoken, Talk
from daemon.chat.trial import devices_line, tried_out
from daemon.chat.wire import WireView
from daemon.errors import DeviceMissing
from daemon.hearing.listener import Listener, NoWakeWords
from daemon.hearing.making import endpointer_of
from daemon.hearing.voice_activity import VoiceActivity
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import samples_of_ms
from daemon.sound.preroll import AudioRing
from daemon.speech.loudspeaker import loudspeaker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from daemon.chat.choices import Choices
    from daemon.chat.continuity import How
    from daemon.chat.ending import Attention
    from daemon.chat.trial import Trial
    from daemon.house.equipment import Drivers
    from daemon.house.settings import Settings
    from daemon.live.options import LiveOptions


@dataclass(frozen=True, kw_only=True)
class ChatOptions:
    """What the command line asked for, beside what it says of the session."""

    settings: Settings
    """Those of the file, with what was `chosen`."""
    choices: Choices
    silent: bool = False
    audio: bool = False
    hands_free: bool = False
    how: How = ""
    keep: Path | None = None


async def chat(
    options: ChatOptions, attention: Attention, drivers: Drivers, lines: AsyncIterator[str] | None = None
) -> None:
    """Hold the conversation until `lines` (by default what is typed) end. Raises PipitError, also in a group."""
    settings = options.settings
    at_terminal = sys.stdin is not None and sys.stdin.isatty()
    screen = Screen(Look.fitting(labelled=options.audio))
    listener = _listener(settings) if options.hands_free else None
    ring = AudioRing(_ring_capacity(settings) if options.audio else 1)
    async with AsyncExitStack() as stack:
        stack.enter_context(terminal_restored())
        state = partial(open_state, drivers.environ)
        trial = await stack.enter_async_context(tried_out(settings, options.choices, drivers, state))
        continuity = Continuity(trial.resumption, options.how)
        make = _option_maker(trial, continuity, WireView(screen.note) if options.choices.show_wire else None)
        make()  # a missing key is told before anything else is begun
        spoken = None if options.silent else await _spoken(stack, settings, drivers)
        if at_terminal or screen.look.reckoning:
            _introduce(options, continuity, screen)
        witnesses = [continuity, screen, *([spoken] if spoken else [])]
        line = connected(make, ring, witnesses=witnesses, household=trial.witnesses, toolbox=trial.toolbox)
        parts = Parts(
            line=await stack.enter_async_context(line),
            screen=screen,
            account=Account.of(settings, datetime.now().astimezone().date().isoformat()),
            spoken=spoken,
            keep=options.keep,
            resumable=settings.live.context.resume_h > 0,
            attended=at_terminal,
        )
        talk = _aloud(options, parts, ring, listener, drivers) if options.audio else Talk(parts)
        attention.interrupt = talk.interrupt
        await _until_left(talk, lines or _lines(options, screen), at_terminal=at_terminal)


async def _until_left(talk: Talk, lines: AsyncIterator[str], *, at_terminal: bool) -> None:
    try:
        await talk.run(lines)
    except asyncio.CancelledError:
        if at_terminal:
            print()  # Ctrl-C leaves the prompt standing
        raise


async def _spoken(stack: AsyncExitStack, settings: Settings, drivers: Drivers) -> Spoken:
    """An open speaker. Raises HardwareError, with the way to do without one."""
    try:
        return Spoken(await stack.enter_async_context(loudspeaker(settings.speaker, drivers.speaker)))
    except DeviceMissing as error:
        raise DeviceMissing(error.message, fix=f"{error.fix}; or read the replies: --text") from error


def _aloud(options: ChatOptions, parts: Parts, ring: AudioRing, listener: Listener | None, drivers: Drivers) -> Talk:
    mic = options.settings.microphone
    card = drivers.microphone(mic)
    converter = CaptureConverter(card.format, channel=mic.channel, gain_db=mic.gain_db)
    longest_s = options.settings.listening.longest_utterance_s
    return AloudTalk(parts, card, converter, ring, listener, longest_s)


def _listener(settings: Settings) -> Listener:
    """Finds where speech begins and ends. Raises ModelFileError."""
    return Listener(NoWakeWords(), VoiceActivity(settings.wake.models_dir), endpointer_of(settings.listening))


def _ring_capacity(settings: Settings) -> int:
    """Samples: the longest question, and the slowest session after that."""
    listening = settings.listening
    return samples_of_ms(1000 * (listening.longest_utterance_s + listening.reply_deadline_s))


def _option_maker(trial: Trial, continuity: Continuity, view: WireView | None) -> Callable[[], LiveOptions]:
    """What each session is told when it opens: key and handle are of that moment."""

    def make() -> LiveOptions:
        live = replace(trial.options(), handle=continuity.handle)
        return view.watching(live) if view else live

    return make


def _introduce(options: ChatOptions, continuity: Continuity, screen: Screen) -> None:
    """With whom one talks, and what is not as one might think."""
    live = options.settings.live
    who = f"{live.model}, in writing" if live.response == "text" else f"{live.model}, voice {live.voice}"
    screen.note(who)
    if options.choices.written and live.response != "text":
        screen.note("it only speaks: you read what it says, and pay for speech")
    elif live.response == "text" and not options.silent:
        screen.note('[live] response is "text": replies are not spoken here')
    if options.choices.tools:
        screen.note(devices_line(options.settings))
    if continuity.hint:
        screen.note(continuity.hint)


def _lines(options: ChatOptions, screen: Screen) -> AsyncIterator[str]:
    """What is typed: with a line editor where that does not get between Enter and the microphone."""
    if options.audio:
        return typed_lines(prompt=False)  # replies are printed while a line is awaited
    if not (screen.look.streaming and sys.stdin is not None and sys.stdin.isatty()):
        return typed_lines()
    return edited_lines()
