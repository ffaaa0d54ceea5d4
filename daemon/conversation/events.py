"""What can happen to a conversation. Past tense, frozen, nothing but data.

`at` is a sample position (see `daemon.sound.pcm`). `turn` counts the user's turns from 1; the reply to a turn
carries its number, so a late packet of an interrupted reply is told apart by one comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

Scheduling = Literal["interrupt", "when_idle", "silent"]
"""Whether a model that did not wait speaks of a result at once, when nothing else is being said, or not at all."""


class Cause(Enum):
    """Why there is no session: each is heard and shown as something different."""

    NO_NETWORK = "no_network"  # name lookup, routing, connection refused
    TIMEOUT = "timeout"  # connected to, but no answer in time
    CLOCK = "clock"  # the certificate is not yet valid: this machine's clock is wrong
    CERTIFICATE = "certificate"  # any other fault of the server's certificate
    KEY_MISSING = "key_missing"
    KEY_REFUSED = "key_refused"
    KEY_BARRED = "key_barred"  # the key is good, but its project may not use this service
    MODEL_UNKNOWN = "model_unknown"
    MODEL_RETIRED = "model_retired"  # it existed, and is offered no longer
    SETUP_REFUSED = "setup_refused"  # the service does not accept our configuration
    REGION = "region"  # the service is not offered where this machine is, or seems to be
    QUOTA = "quota"
    SPENDING_CAP = "spending_cap"  # the project's own limit of money is reached, or what was paid in advance is used up
    OVERLOADED = "overloaded"  # the service has trouble of its own
    LOST = "lost"  # an open session ended without our doing
    NO_REPLY = "no_reply"  # the model was asked and did not answer in time
    BUDGET = "budget"  # what the settings allow to be spent is spent
    BROKER = "broker"  # the token broker cannot be reached, or does not answer as one
    BROKER_REFUSED = "broker_refused"  # the token broker does not take this device's secret, or there is none
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the service takes a token no more: expired, spent, revoked

    @property
    def passing(self) -> bool:
        """Whether trying again at once may help."""
        return self in {Cause.LOST, Cause.OVERLOADED, Cause.TOKEN_REFUSED}


class Notice(Enum):
    """What the household is told though nothing has failed."""

    DAY_NEARLY_SPENT = "day_nearly_spent"
    MONTH_NEARLY_SPENT = "month_nearly_spent"
    SPEAKER_BACK = "speaker_back"


class Timer(Enum):
    """The clocks that a conversation has set: one for each state and condition that must not last, two for a rest."""

    LISTENING = "listening"
    HEARING = "hearing"
    THINKING = "thinking"
    SPEAKING = "speaking"
    LINGER = "linger"  # the session stays open for the next request
    FAILURE = "failure"  # the light shows that something went wrong
    RINGING = "ringing"  # something rings, and nobody stops it
    RING_WAIT = "ring_wait"  # … it is held back by an exchange
    TELLING = "telling"  # a message is told


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model wants called."""

    id: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Not shown: a person may have said what is in them."""


@dataclass(frozen=True, slots=True)
class WakeWordDetected:
    """The wake word was heard; the user's request begins at `at`."""

    model: str
    at: int


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    at: int


@dataclass(frozen=True, slots=True)
class ButtonReleased:
    at: int
    held_ms: float


@dataclass(frozen=True, slots=True)
class MuteSwitched:
    muted: bool


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """The sound card went away; its driver is trying to get it back."""

    again: bool = False
    """It comes and goes, and the household knows."""


@dataclass(frozen=True, slots=True)
class MicrophoneRestored:
    """Periods arrive again."""


@dataclass(frozen=True, slots=True)
class SoundVanished:
    """The microphone has delivered nothing but zeros for some time."""


@dataclass(frozen=True, slots=True)
class SoundReturned:
    """… and now it delivers sound again."""


@dataclass(frozen=True, slots=True)
class SpeakerLost:
    """The sound card went away, or takes no sound; its driver is trying to get it back."""


@dataclass(frozen=True, slots=True)
class SpeakerRestored:
    """It plays again."""

    again: bool = False
    """It comes and goes, and the household knows."""


@dataclass(frozen=True, slots=True)
class UtteranceStarted:
    """The user has begun to speak, at `at` or a little after."""

    at: int


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    """The user has been silent long enough; what belongs to the utterance ends before `at`."""

    at: int


@dataclass(frozen=True, slots=True)
class SessionOpened:
    pass


@dataclass(frozen=True, slots=True)
class SessionLost:
    """The session could not be opened, or ended without our asking."""

    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SessionEnding:
    """goAway: the service will end this connection in `time_left_s` seconds."""

    time_left_s: float


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The first audio of the reply to `turn` has arrived."""

    turn: int


@dataclass(frozen=True, slots=True)
class ReplyComplete:
    """The model has finished the reply to `turn`; all its audio has arrived. It may have had none."""

    turn: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The service says that it cut the reply to `turn` short; it may say so when nothing was being said."""

    turn: int


@dataclass(frozen=True, slots=True)
class ToolRequested:
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolProgressed:
    """A part of the answer is sent; more will follow."""

    id: str


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """The call has been answered, whatever the answer was."""

    id: str
    failed: bool = False
    """It was answered with an error."""


@dataclass(frozen=True, slots=True)
class ToolCancelled:
    """The service no longer wants these results."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameraSwitched:
    """The camera is on, or off again."""

    on: bool


Surrounding = (
    MicrophoneLost | MicrophoneRestored | SoundVanished | SoundReturned | SpeakerLost | SpeakerRestored | CameraSwitched
)
"""What happens to the sound cards and the camera, whatever is being said."""


@dataclass(frozen=True, slots=True)
class PlayoutDrained:
    """The last sample of the reply to `turn` has left the speaker; the microphone was at `at` then."""

    turn: int
    heard_samples: int
    at: int


@dataclass(frozen=True, slots=True)
class PlayoutStarved:
    """The reply to `turn` is not complete, but there is nothing left of it to play."""

    turn: int


@dataclass(frozen=True, slots=True)
class PlayoutResumed:
    """More of the reply to `turn` has arrived after the playout starved."""

    turn: int


@dataclass(frozen=True, slots=True)
class BudgetNear:
    """Most of a limit is spent. Told only while the conversation is at rest."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class BudgetReached:
    """A limit is spent: what is being said or answered is finished, but nothing new is begun."""


@dataclass(frozen=True, slots=True)
class RingDue:
    """Something wants to ring until somebody stops it; it may have rung before."""

    id: str


@dataclass(frozen=True, slots=True)
class RingWithdrawn:
    """It need not ring any more, and whoever says so knows: that is its end."""

    id: str


@dataclass(frozen=True, slots=True)
class MessageWaiting:
    """There is a message to tell; said again at each rest until it was taken."""


@dataclass(frozen=True, slots=True)
class MessageTold:
    """The message has been heard to its end, or there was none after all."""


@dataclass(frozen=True, slots=True)
class StopHeard:
    """The user wants silence: what is heard stops, at `at`, and nothing else is meant by it."""

    at: int


@dataclass(frozen=True, slots=True)
class GoodbyeAsked:
    """The model ends the conversation, as the user wished: its last words are said, and nothing is listened for."""


Summoning = RingDue | RingWithdrawn | MessageWaiting | MessageTold | StopHeard | GoodbyeAsked
"""What makes the device speak up by itself, and what makes it stop."""


@dataclass(frozen=True, slots=True)
class TimerExpired:
    """The timer ran out; the microphone was at `at` then."""

    timer: Timer
    at: int = 0


Event = (
    WakeWordDetected
    | ButtonPressed
    | ButtonReleased
    | MuteSwitched
    | MicrophoneLost
    | MicrophoneRestored
    | SoundVanished
    | SoundReturned
    | SpeakerLost
    | SpeakerRestored
    | UtteranceStarted
    | UtteranceEnded
    | SessionOpened
    | SessionLost
    | SessionEnding
    | ReplyStarted
    | ReplyComplete
    | Interrupted
    | ToolRequested
    | ToolProgressed
    | ToolFinished
    | ToolCancelled
    | CameraSwitched
    | PlayoutDrained
    | PlayoutStarved
    | PlayoutResumed
    | BudgetNear
    | BudgetReached
    | RingDue
    | RingWithdrawn
    | MessageWaiting
    | MessageTold
    | StopHeard
    | GoodbyeAsked
    | TimerExpired
)
