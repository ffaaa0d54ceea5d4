"""What can happen to a conversation. Past tense, frozen, nothing but data.

`at` is a sample position (see `daemon.sound.pcm`). `turn` counts the user's turns from 1; the reply to a turn
carries its number, so a late packet of an interrupted reply is told apart by one comparison.
"""

from dataclasses import dataclass

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.conversation.tool_call import ToolCall


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
class HomeHasRead:
    """What the brain at home makes of what was said in `turn`: whether it is `sure` of it. It has done nothing yet."""

    turn: int
    sure: bool


@dataclass(frozen=True, slots=True)
class ServiceReturned:
    """The service can be reached again, as far as can be told without a session."""


@dataclass(frozen=True, slots=True)
class LineSilent:
    """What goes up to the service is not acknowledged for a while, as when the network is gone; or it is again."""

    silent: bool = True


StandingBy = HomeHasRead | ServiceReturned | LineSilent
"""What is heard of the two that may answer, beside their sessions."""


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


@dataclass(frozen=True, slots=True)
class ListenAsked:
    """Something in the house wants the device to listen, from `at` on; it cuts nothing short, and agrees to nothing."""

    at: int


Summoning = RingDue | RingWithdrawn | MessageWaiting | MessageTold | StopHeard | GoodbyeAsked | ListenAsked
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
    | UtterancePaused
    | UtteranceResumed
    | SessionOpened
    | SessionLost
    | HomeHasRead
    | ServiceReturned
    | LineSilent
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
    | ListenAsked
    | TimerExpired
)
