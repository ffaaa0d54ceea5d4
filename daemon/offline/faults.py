"""What can go wrong on purpose: instructions that a brain may mix into its reply, and faults of whole connections.

A brain for daily use yields `Heard` and `Spoken` alone (`Brain`). One that yields `Fault` as well is a `Stage`; the
session obeys each in the order it comes.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from daemon.offline.brain import CallTool, Heard, Spoken, UserTurn

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


Fault = Wait | SendRaw | GoAway | PhantomInterrupted | Omit | CancelledCall | CloseSocket | AbortSocket | Stall
SocketEnd = CloseSocket | AbortSocket


class Stage(Protocol):
    """A brain that may also misbehave; every `Brain` is one."""

    def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken | Fault]:
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

    def __post_init__(self) -> None:
        """Raises ValueError for a status that refuses nothing."""
        if self.http_status is not None and not 400 <= self.http_status <= 599:
            raise ValueError(f"HTTP status {self.http_status} is no refusal (400 to 599)")
