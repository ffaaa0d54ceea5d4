"""How this household's conversations go: the rules that several tables make together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.sight.showing_tools import SHOWING_TOOLS
from daemon.conversation.rules import Offline, Rules
from daemon.live.profiles import profile_of, waits_for_tools
from daemon.sound.pcm import samples_of_ms

if TYPE_CHECKING:
    from daemon.house.settings import Settings


def rules_of(settings: Settings) -> Rules:
    listening = settings.listening
    return Rules(
        tools_wait=waits_for_tools(settings.live.model, settings.live.tools.waiting),
        showing=SHOWING_TOOLS,
        automatic=settings.live.turns.automatic,
        offline=Offline(settings.offline.use),
        voice_interrupts=listening.barge_in == "voice",
        eager=listening.eager and settings.live.turns.interrupts,
        nothing_said_s=listening.nothing_said_s,
        longest_utterance_s=listening.longest_utterance_s,
        reply_deadline_s=listening.reply_deadline_s,
        stalled_reply_s=profile_of(settings.live.model).longest_pause_s,
        longest_reply_s=listening.longest_reply_s,
        follow_up_s=listening.follow_up_s,
        linger_s=listening.linger_s,
        ring_s=settings.timers.ring_s,
        hold_ms=settings.button.hold_ms,
        tail_samples=samples_of_ms(settings.button.tail_ms),
    )
