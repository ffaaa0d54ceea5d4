"""Where a conversation stands, for those who only look on."""

from dataclasses import dataclass

from daemon.conversation.commands import Pattern
from daemon.conversation.exchange import State


@dataclass(frozen=True, slots=True)
class Situation:
    state: State = State.IDLE
    turn: int = 0
    reply_turn: int | None = None
    """The turn whose reply may be played."""
    pattern: Pattern = Pattern.IDLE
    """What the light shows."""
