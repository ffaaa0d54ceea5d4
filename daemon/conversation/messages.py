"""What a Live session tells the appliance besides the conversation's own events."""

from dataclasses import dataclass, field
from typing import Literal

from daemon.conversation.events import (
    Interrupted,
    LineSilent,
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
class SourcesNamed:
    """Pages on which the reply to `turn` is founded: title and address of each."""

    turn: int
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A count, and what the service says it is made of; the parts may be missing, or not add up to it."""

    count: int = 0
    text: int = 0
    audio: int = 0
    image: int = 0
    video: int = 0
    document: int = 0

    @property
    def detailed(self) -> int:
        return self.text + self.audio + self.image + self.video + self.document


NO_TOKENS = Tokens()


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Tokens of one generation, as the service counts them: not since the beginning of the session.

    The prompt is the whole context, so that of the turns before as well; `cached` is a part of it.
    """

    prompt: Tokens = NO_TOKENS
    response: Tokens = NO_TOKENS
    tool_use: Tokens = NO_TOKENS
    thoughts: int = 0
    cached: Tokens = NO_TOKENS
    total: int = 0


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
    | LineSilent
    | SessionEnding
    | ReplyStarted
    | ReplyComplete
    | Interrupted
    | ToolRequested
    | ToolCancelled
)
SessionMessage = (
    SessionEvent | ReplyAudio | ReplyText | Transcribed | SourcesNamed | UsageReported | HandleIssued | HandleRefused
)
