"""What a Live client can say, as typed messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from daemon.brain.brain import FunctionDeclaration, Remark

Scheduling = Literal["", "SILENT", "WHEN_IDLE", "INTERRUPT"]


@dataclass(frozen=True, slots=True)
class Detection:
    """How the server shall find turns by itself (`automaticActivityDetection`); None means the server's default."""

    start_sensitivity: Literal["HIGH", "LOW"] = "HIGH"
    end_sensitivity: Literal["HIGH", "LOW"] = "HIGH"
    prefix_padding_ms: int | None = None
    silence_duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Compression:
    """When the oldest of the context is dropped, and down to what; None means the server's default."""

    trigger_tokens: int | None = None
    target_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What a session is asked to be."""

    model: str  # without "models/"
    modality: Literal["AUDIO", "TEXT"] = "AUDIO"
    voice: str = ""
    language: str = ""
    system_instruction: str = ""
    functions: Sequence[FunctionDeclaration] = ()
    own_tools: frozenset[str] = frozenset()
    """What the service shall do by itself: `googleSearch`, `urlContext`, `codeExecution`."""
    detection: Detection | None = field(default_factory=Detection)  # None: the client marks activity itself
    interrupts: bool = True
    input_transcription: bool = False
    output_transcription: bool = False
    resumable: bool = False
    handle: str = field(default="", repr=False)
    history_first: bool = False
    compression: Compression | None = None
    thinking_level: str = ""
    affective: bool = False
    proactive: bool | None = None


@dataclass(frozen=True, slots=True)
class ClientContent:
    """Remarks added to the conversation; the model is asked to answer if `turn_complete`."""

    remarks: Sequence[Remark] = ()
    turn_complete: bool = False
    mentions_functions: bool = False
    """A part is a function call or a response to one."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """S16_LE mono at `rate_hz`; not necessarily whole samples."""

    data: bytes = field(repr=False)
    rate_hz: int = 16_000


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """A picture; the offline server has no eyes, it only takes note."""

    data: bytes = field(repr=False)
    mime_type: str


@dataclass(frozen=True, slots=True)
class RealtimeText:
    text: str


@dataclass(frozen=True, slots=True)
class ActivityStart:
    pass


@dataclass(frozen=True, slots=True)
class ActivityEnd:
    pass


@dataclass(frozen=True, slots=True)
class AudioStreamEnd:
    """The microphone was switched off: what was heard so far is all there is."""


@dataclass(frozen=True, slots=True)
class FunctionAnswer:
    """The response to one function call; with `will_continue` more follow for the same id.

    `scheduling` says what a model that did not wait for it does with it: no matter where the client put it, beside the
    response (the SDK's types) or in it (some of Google's guides, pipecat).
    """

    id: str
    name: str
    response: Mapping[str, Any] = field(default_factory=dict)
    will_continue: bool = False
    scheduling: Scheduling = ""


@dataclass(frozen=True, slots=True)
class ContextUpdate:
    """A new system instruction, new functions, or both; None leaves it as it is."""

    system_instruction: str | None = None
    functions: Sequence[FunctionDeclaration] | None = None


ClientMessage = (
    Setup
    | ClientContent
    | AudioChunk
    | VideoFrame
    | RealtimeText
    | ActivityStart
    | ActivityEnd
    | AudioStreamEnd
    | FunctionAnswer
    | ContextUpdate
)
