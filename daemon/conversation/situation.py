"""Where a conversation stands, for those who only look on."""

from dataclasses import dataclass
from enum import Enum

from daemon.conversation.commands import Pattern
from daemon.conversation.exchange import RESTS, State


class Hindrance(Enum):
    """What keeps a conversation from listening on after a reply, in words for the journal."""

    BUDGET = "the budget is spent"
    MICROPHONE = "the microphone is away"
    SPEAKER = "the speaker is away"
    SETTINGS = "the settings want none"
    GOODBYE = "the user has said goodbye"
    RING = "something is due to ring"


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
    waiting: frozenset[str] = frozenset()
    """What is due and held back by an exchange, by its ids."""
    ringing: frozenset[str] = frozenset()
    telling: bool = False
    """A message is told."""

    @property
    def resting(self) -> bool:
        """No sound goes up or is judged by the period: all that can be said to it is the wake word."""
        return self.state in RESTS | {State.SPEAKING} and not self.ringing and not self.telling

    @property
    def undisturbed(self) -> bool:
        """Nobody is asking, answering or expected to, and nothing rings or is told."""
        return self.state is State.IDLE and not self.ringing and not self.telling
