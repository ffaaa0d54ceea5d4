"""What a conversation asks the outside world to do. Imperative, frozen, nothing but data."""

from dataclasses import dataclass

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.choice import Choice
from daemon.conversation.clocks import Timer
from daemon.conversation.tool_call import ToolCall


class Earcon(Choice):
    """Short sounds with a meaning; failures have one sound for each `Cause`."""

    AWAKE = "awake"  # listening
    HEARD = "heard"  # end of utterance
    ASLEEP = "asleep"  # nothing was said, or the conversation is over
    STOPPED = "stopped"
    MUTED = "muted"
    UNMUTED = "unmuted"
    MICROPHONE_LOST = "microphone_lost"
    MESSAGE = "message"  # somebody has a message read out
    HOME = "home"  # end of utterance, and the brain at home answers in the place of the service


class Pattern(Choice):
    """What the light shows."""

    IDLE = "idle"
    LISTENING = "listening"
    HEARING = "hearing"
    THINKING = "thinking"
    HOME = "home"  # thinking, but not the service: the brain at home
    SPEAKING = "speaking"
    WATCHING = "watching"  # the camera is on
    RINGING = "ringing"  # something wants to be heard until it is stopped
    MUTED = "muted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session in the background; `SessionOpened` or `SessionLost` will follow."""

    local: bool = False
    """With the brain at home instead of the service."""


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Close the session, or stop opening it. Nothing of it is heard of again, and nothing more is sent."""


@dataclass(frozen=True, slots=True)
class LeaveSession:
    """As `CloseSession`, but what the user said and nobody took waits for the session that is opened next."""


@dataclass(frozen=True, slots=True)
class AskHome:
    """Ask the brain at home whether it is sure of what was said in `turn`, and no more; `HomeHasRead` will follow.

    Up to now, if the turn goes on. Who asks again does not want the answer to the question before.
    """

    turn: int


@dataclass(frozen=True, slots=True)
class PrepareHome:
    """Have the brain at home loaded: it may be needed soon."""


@dataclass(frozen=True, slots=True)
class SeekService:
    """Find out in the background whether the service can be reached; once it can, `ServiceReturned` will follow."""


@dataclass(frozen=True, slots=True)
class StartActivity:
    """Open the activity window of `turn`: what was captured from `from_sample` on is sent, as soon as it can be."""

    turn: int
    from_sample: int
    goes_on: bool = False
    """It is the rest of the turn before, whose end was taken back."""


@dataclass(frozen=True, slots=True)
class EndActivity:
    """Close the activity window at `at_sample`, once all before it is sent; what was sent beyond it already stays."""

    turn: int
    at_sample: int


@dataclass(frozen=True, slots=True)
class WatchForSpeech:
    """Start endpointing with the sample at `from_sample`, or with what is heard from now on."""

    from_sample: int | None


@dataclass(frozen=True, slots=True)
class StopWatching:
    """Stop endpointing."""


@dataclass(frozen=True, slots=True)
class FlushPlayout:
    """Drop every queued sample at once, those in the sound card too. What rings goes on."""


@dataclass(frozen=True, slots=True)
class PlayKept:
    """Play what has come of the reply to `turn`, and was kept until its turn was sure to be over."""

    turn: int


@dataclass(frozen=True, slots=True)
class FinishPlayout:
    """No more audio will come for `turn`: report when what is queued has been heard."""

    turn: int


@dataclass(frozen=True, slots=True)
class RunTool:
    """Run the call and send its answer, whatever it is; `ToolFinished` will follow, perhaps `ToolProgressed` before."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class RefuseTool:
    """Answer the call with `reason`, without running it."""

    call: ToolCall
    reason: str


@dataclass(frozen=True, slots=True)
class CancelTools:
    """Stop those of these calls that run. With `undo`, take back what all of them did, answered or not, if it can be.

    With a `reason` the service still waits for those that ran, and is told it when that is done.
    """

    ids: tuple[str, ...]
    undo: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowPictures:
    """Show the model what camera tools have taken, and ask it in writing what it sees, as a part of `turn`."""

    turn: int


@dataclass(frozen=True, slots=True)
class PlayEarcon:
    earcon: Earcon


@dataclass(frozen=True, slots=True)
class Announce:
    """Say what went wrong, or what the household should know, without the network."""

    cause: Cause | Notice


@dataclass(frozen=True, slots=True)
class StartRinging:
    """Ring, until `StopRinging`; what is due while it rings joins it."""


@dataclass(frozen=True, slots=True)
class StopRinging:
    """Fall silent at once. These rang until now, and somebody `answered`; those that were withdrawn are not among them.

    Without an answer it rang for as long as it may.
    """

    ids: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, slots=True)
class TellMessage:
    """Tell the oldest message that waits; `MessageTold` will follow, unless `FlushPlayout` comes before."""


@dataclass(frozen=True, slots=True)
class ShowIndicator:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `TimerExpired(timer)` after `seconds`; if it runs already, it starts anew."""

    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: Timer


Command = (
    OpenSession
    | CloseSession
    | LeaveSession
    | AskHome
    | PrepareHome
    | SeekService
    | StartActivity
    | EndActivity
    | WatchForSpeech
    | StopWatching
    | FlushPlayout
    | PlayKept
    | FinishPlayout
    | RunTool
    | RefuseTool
    | CancelTools
    | ShowPictures
    | PlayEarcon
    | Announce
    | StartRinging
    | StopRinging
    | TellMessage
    | ShowIndicator
    | StartTimer
    | StopTimer
)
