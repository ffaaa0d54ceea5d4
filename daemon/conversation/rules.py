"""The numbers a conversation goes by: how long it waits for whom."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

LONGEST_TOOL_S: Final = 12.0
"""A little more than a tool, or the next part of its answer, may take: nobody gives up on it before that."""


class Offline(Enum):
    """When the brain at home answers."""

    NEVER = "never"
    FALLBACK = "fallback"  # when the service does not
    ALWAYS = "always"  # and the service is never asked


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`_s` are seconds, `_samples` are at 16 kHz."""

    tools_wait: bool = True
    """The model waits for its tools; else it talks on, and speaks of their results when they are there."""
    showing: frozenset[str] = frozenset()
    """Tools that show a picture: the model is asked about it after the call, and may by then have spoken already."""
    automatic: bool = False
    """The service finds the beginning and end of speech; audio streams while the light shows listening."""
    service_endpoint_s: float = 4.0
    """… and this long after speech has ended for this machine, it is told so."""
    voice_interrupts: bool = False
    """Whoever speaks over a reply interrupts it, without the wake word; not where the service finds speech."""
    eager: bool = False
    """A pause ends the turn at once, and is taken back if the user goes on: see `daemon.conversation.pauses`."""
    offline: Offline = Offline.NEVER
    opens_s: float = 0.6
    """So long after the end of speech a session that still opens is waited for; then the brain at home takes what it
    is sure of, which it reads meanwhile."""
    answers_s: float = 4.0
    """… and a session that is open and says nothing, before the brain at home is asked. A service that thinks begins
    within two or three seconds."""
    nothing_said_s: float = 6.0
    longest_utterance_s: float = 30.0
    reply_deadline_s: float = 15.0
    stalled_reply_s: float = 8.0
    longest_tool_s: float = LONGEST_TOOL_S
    afterthought_s: float = 5.0
    """A reply that ended with a tool's result unmentioned may go on for so long; then that was all."""
    longest_reply_s: float = 180.0
    speaker_away_s: float = 10.0
    """A reply waits so long for a speaker that went away: four attempts to open it again; then it counts as stopped."""
    follow_up_s: float = 6.0
    linger_s: float = 60.0
    reopenings: int = 3
    """How often a session that is lost before the reply is opened again for one request; see `daemon.live.redial`."""
    failure_shown_s: float = 6.0
    ring_s: float = 600.0
    """Nobody may be at home: after so long what rings falls silent by itself."""
    ring_wait_s: float = 30.0
    """What is due in the middle of an exchange waits so long for its end, and then cuts it."""
    telling_s: float = 120.0
    hold_ms: float = 400.0
    tail_samples: int = 2_400  # people let go of a button before the last word is out
    settle_samples: int = 3_200  # the room rings for about 0.2 s after a reply
    lead_in_samples: int = 4_800
    """Sent from before speech was heard in a follow-up window: a detector is late for soft beginnings, by 11 ms in the
    median and 111 ms at most on 27 recorded commands (Silero v6, hops of 32 ms, onset at 30 dB below the peak)."""

    @property
    def falls_back(self) -> bool:
        return self.offline is Offline.FALLBACK
