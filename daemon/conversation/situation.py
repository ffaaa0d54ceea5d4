"""Where a conversation stands, for those who only look on."""

from dataclasses import dataclass
from enum import Enum

from daemon.conversation.commands import Pattern
from daemon.conversation.exchange import State


class Hindrance(Enum):
    """What keeps a conversation from listening on after a reply, in words for the journal."""

    BUDGET = "the budget is spent"
    MICROPHONE = "the microphone is away"
    SPEAKER = "the speaker is away"
    SETTINGS = "the settings want none"


@dataclass(frozen=True, slots=True)
class Situation:
    state: State = State.IDLE
    turn: int = 0
    reply_turn: int | None = None
    """The turn whose reply may be played."""
    pattern: Pattern = Pattern.IDLE
    """What the light shows."""
    hindrance: Hindrance | None = None
    """Why there would be no follow-up, if a reply ended now."""
    called: bool = False
    """The model has something to tell of its calls, or something to wait for."""
    reopened: int = 0
    """How often the session was opened anew for the present request."""
