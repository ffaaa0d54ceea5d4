"""What the offline Live server asks of a brain: a user's turn in, what to say and to call out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from daemon.sound.pcm import Samples, silence


@dataclass(frozen=True)
class FunctionDeclaration:
    """A function the client offers; `parameters` is JSON Schema, types in lower case, whatever form it came in."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    behavior: Literal["", "BLOCKING", "NON_BLOCKING"] = ""
    """Whether the model shall wait for the answer; empty leaves it to the model."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was said earlier in this conversation, and by whom; speech as far as it was transcribed."""

    role: Literal["user", "model"]
    text: str


@dataclass(frozen=True)
class UserTurn:
    """One turn of the user, spoken (`audio`, 16 kHz) or typed (`text`); both may be empty."""

    audio: Samples = field(default_factory=lambda: silence(0))
    text: str = ""
    functions: Sequence[FunctionDeclaration] = ()
    system_instruction: str = ""
    language: str = ""
    voice: str = ""
    history: Sequence[Remark] = ()


@dataclass(frozen=True)
class Heard:
    """What the brain understood of the user's speech: becomes the input transcription."""

    text: str


@dataclass(frozen=True)
class Spoken:
    """A stretch of the reply: its words and its sound, 24 kHz. Either may be empty."""

    text: str = ""
    audio: Samples = field(default_factory=lambda: silence(0))


CallTool = Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""`await call_tool(name, arguments)` sends a toolCall and returns the client's response object."""


class Brain(Protocol):
    """Thinks of replies. The server cancels the iteration when the user interrupts."""

    def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        """The reply to `turn`, piece by piece, as soon as each is known."""
        ...
