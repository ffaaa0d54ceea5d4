"""What can go wrong on purpose: instructions that a brain may mix into its reply, and faults of whole connections.

A brain for daily use yields `Heard` and `Spoken` alone (`Brain`). One that yields `Fault` as well is a `Stage`; the
session obeys each in the order it comes.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn

CLOSE_CODES: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})
"""What a close frame may carry (RFC 6455 §7.4 and its registry)."""


@dataclass(frozen=True)
class Wait:
    """Say nothing for a while."""

    wait_ms: float


@dataclass(frozen=True)
class SendRaw:
    """Send this JSON object, sensible or not."""

    raw: Mapping[str, Any]


@dataclass(frozen=True)
class GoAway:
    """Announce the end of the connection, and end it (1011) when the time is up."""

    go_away_s: float


@dataclass(frozen=True)
class PhantomInterrupted:
    """Send `interrupted` though nobody spoke, and go on (python-genai #2333, langwatch/scenario #360)."""

    interrupted: Literal[True] = True


@dataclass(frozen=True)
class SendFrame:
    """Send these characters as they are, JSON or not, as a text frame or a binary one."""

    frame: str
    binary: bool = False


@dataclass(frozen=True)
class EndUtterance:
    """Send `turnComplete` though the turn goes on: too early, or after nothing at all (python-genai #2117).

    A model that thinks for long does so after each utterance, and says that another follows.
    """

    turn_complete: Literal[True] = True


@dataclass(frozen=True)
class CompleteLate:
    """Let so much time pass between `generationComplete` and `turnComplete` (livekit/agents #6421)."""

    complete_after_ms: float


@dataclass(frozen=True)
class CutSound:
    """From here on, sound is sent in pieces of this length; a long one makes a message larger than 1 MiB."""

    chunk_ms: float

    def __post_init__(self) -> None:
        """Raises ValueError for pieces without sound."""
        if self.chunk_ms <= 0:
            raise ValueError(f"chunk_ms = {self.chunk_ms} leaves no sound in a message")


@dataclass(frozen=True)
class Omit:
    """Leave out how this turn ends (livekit/agents PR#4979: `turnComplete` missing)."""

    omit: Literal["generationComplete", "turnComplete", "both"]


@dataclass(frozen=True)
class CancelledCall:
    """Call a function, and take the call back after a while, answered or not; the reply goes on."""

    cancelled_call: str
    args: Mapping[str, Any] = field(default_factory=dict)
    after_ms: float = 0


@dataclass(frozen=True)
class CloseSocket:
    """Close the WebSocket with this code and reason."""

    close: int
    reason: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for codes that no close frame may carry (RFC 6455 §7.4)."""
        if self.close not in CLOSE_CODES:
            raise ValueError(f"{self.close} is no code that a close frame may carry")


@dataclass(frozen=True)
class AbortSocket:
    """Cut the TCP connection without a word: the client sees 1006."""

    abort: Literal[True] = True


@dataclass(frozen=True)
class Stall:
    """Never send anything again on this connection, and keep it open (cookbook #1228)."""

    stall: Literal[True] = True


Fault = (
    Wait
    | SendRaw
    | SendFrame
    | GoAway
    | PhantomInterrupted
    | EndUtterance
    | CompleteLate
    | CutSound
    | Omit
    | CancelledCall
    | CloseSocket
    | AbortSocket
    | Stall
)
SocketEnd = CloseSocket | AbortSocket

Answered = Callable[[Mapping[str, Any]], AsyncIterator["Piece"]]
"""What is said when the answer to a call has come."""


@dataclass(frozen=True)
class BackgroundCall:
    """Call a function and go on. What `answered` makes of the answer is said when the client's scheduling has it."""

    name: str
    args: Mapping[str, Any]
    answered: Answered


Piece = Heard | Spoken | BackgroundCall | Fault


class Stage(Protocol):
    """A brain that may also misbehave, and that need not wait for its tools; every `Brain` is one."""

    def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Piece]:
        """As `Brain.reply`."""
        ...


LossPoint = Literal["setup", "activity", "thinking", "reply"]


@dataclass(frozen=True)
class Loss:
    """The session ends at this point: `setup` received, `after_audio_bytes` of an activity, activity over, reply begun.

    With `close` by a close frame, else by cutting the connection.
    """

    during: LossPoint
    close: int | None = None
    reason: str = ""
    after_audio_bytes: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError as `CloseSocket` does."""
        if self.close is not None:
            CloseSocket(self.close)

    @property
    def end(self) -> SocketEnd:
        return AbortSocket() if self.close is None else CloseSocket(self.close, self.reason)


@dataclass(frozen=True)
class ConnectionFaults:
    """What one connection suffers."""

    http_status: int | None = None
    """Refuse the handshake with this status."""
    setup_delay_ms: float = 0
    """Time between `setup` and whatever follows it; nothing is read meanwhile."""
    refuse: CloseSocket | None = None
    """Answer `setup` so."""
    silent: bool = False
    """Answer nothing, not even `setup`."""
    lose: Loss | None = None
    refuse_handle: bool = False
    """Know no resumption handle."""
    handle_delay_ms: float = 0
    """Time between the end of a turn and its handle; the next turn may have begun (python-genai #2527)."""
    repeat_handle: bool = False
    """Send each handle twice."""
    audio_during_call: Literal["taken", "cancels", "closes"] = "taken"
    """What sound does that comes while the model waits for a tool: nothing, or it cancels the call (livekit/agents
    PR#5556), or it ends the session (1008; autonomous-os #231)."""
    spurious_interrupted: bool = False
    """`interrupted` and `turnComplete` follow every activity's start after the first (langwatch/scenario #360)."""
    pong_delay_s: float = 0
    """Time between a ping and its pong (sip-to-ai PR#14: 8 to 30 s); infinite: pings are never answered."""

    def __post_init__(self) -> None:
        """Raises ValueError for a status that refuses nothing and for a delay that is none."""
        if self.http_status is not None and not 400 <= self.http_status <= 599:
            raise ValueError(f"HTTP status {self.http_status} is no refusal (400 to 599)")
        if not self.pong_delay_s >= 0:
            raise ValueError(f"pong_delay_s = {self.pong_delay_s} is no delay")
