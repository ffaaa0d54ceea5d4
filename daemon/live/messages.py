"""What a Live session tells the appliance besides the conversation's own events."""

from dataclasses import dataclass, field
from typing import Literal

from daemon.events import (
    Interrupted,
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    SessionLost,
    SessionOpened,
    ToolCancelled,
    ToolRequested,
)


@dataclass(frozen=True, slots=True)
class ReplyAudio:
    """A piece of the reply to `turn`: S16_LE mono bytes at `rate_hz`."""

    turn: int
    data: bytes = field(repr=False)
    rate_hz: int = 24_000


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A piece of a written reply (TEXT modality)."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Transcribed:
    """A piece of what was said, by whom, as the service understood it."""

    turn: int
    speaker: Literal["user", "model"]
    text: str


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Tokens of one exchange, as the service counts them."""

    prompt_tokens: int
    response_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class HandleIssued:
    """A handle by which this session can be resumed."""

    handle: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandleRefused:
    """The service does not know the handle any more; the session began anew."""


SessionEvent = (
    SessionOpened
    | SessionLost
    | SessionEnding
    | ReplyStarted
    | ReplyComplete
    | Interrupted
    | ToolRequested
    | ToolCancelled
)
SessionMessage = SessionEvent | ReplyAudio | ReplyText | Transcribed | UsageReported | HandleIssued | HandleRefused
