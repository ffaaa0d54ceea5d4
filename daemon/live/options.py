"""What a Live session is told before it connects."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from daemon.live.settings import (
    ContextSettings,
    DialogSettings,
    GoogleSettings,
    SafetySettings,
    SamplingSettings,
    ThinkingSettings,
    ToolCallSettings,
    TranscriptionSettings,
    TurnSettings,
)
from daemon.live.tokens import TokenSource

Tap = Callable[[Literal["sent", "received"], str | bytes], None]
"""Is shown each message of the socket, keys and all; `redaction.shown` says what of it may be seen."""

GOOGLE = "https://generativelanguage.googleapis.com"
"""The service itself; named here so that no environment variable of the SDK can redirect the daemon."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said, by whom, before this session began."""

    speaker: Literal["user", "model"]
    text: str


@dataclass(frozen=True, kw_only=True)
class LiveOptions:
    """One session's model, manners, tools and deadlines: tables of `[live]` as they are, and what is no setting.

    `tools` are function declarations: `{"name", "description", "parameters_json_schema"}`. `endpoint` is an `https`
    address; with `ca_file` only certificates of that authority are accepted, else those the system trusts.
    """

    api_key: str = field(repr=False)
    tokens: TokenSource | None = field(default=None, repr=False)
    """Where to get a token instead, just before connecting; `api_key` and `api_version` do not count then."""
    model: str = "gemini-3.8-live"
    voice: str = "Kore"
    language: str = ""
    """BCP-47; empty lets the model follow the user."""
    system_instruction: str = ""
    tools: Sequence[Mapping[str, Any]] = ()
    calls: ToolCallSettings = field(default_factory=ToolCallSettings)
    """Whether the model waits for a tool, and what it does with a result it did not wait for, unless the tool says."""
    showing: frozenset[str] = frozenset()
    """Tools whose result is a picture. Where that can be had, the model waits for none of them, whatever `calls`:
    a frame that arrives while it waits would cancel the call."""
    modality: Literal["AUDIO", "TEXT"] = "AUDIO"
    media_resolution: Literal["", "low", "medium", "high"] = ""
    turns: TurnSettings = field(default_factory=TurnSettings)
    transcription: TranscriptionSettings = field(default_factory=TranscriptionSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    thinking: ThinkingSettings = field(default_factory=ThinkingSettings)
    dialog: DialogSettings = field(default_factory=DialogSettings)
    google: GoogleSettings = field(default_factory=GoogleSettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    context: ContextSettings = field(default_factory=ContextSettings)
    resumable: bool = True
    """Whether the service shall keep the conversation and issue handles to it, whatever `context` says."""
    handle: str = field(default="", repr=False)
    """The conversation to take up again; empty begins a new one."""
    history: Sequence[Remark] = field(default=(), repr=False)
    """What to tell the model of the conversation so far if there is no handle, or none that is known any more."""
    endpoint: str = ""
    ca_file: str = ""
    api_version: str = "v1beta"
    connect_timeout_s: float = 10.0
    """From the first packet to `setupComplete`: the SDK itself would wait for that for ever."""
    send_timeout_s: float = 5.0
    """How long one message may wait for room in a socket that does not drain."""
    close_timeout_s: float = 1.0
    """How long a peer may take to say goodbye before the socket is cut."""
    nudge_after_s: float = 3.0
    """How long a family that is known to fall silent after a tool's result may do so before it is asked to go on."""
    tap: Tap | None = field(default=None, repr=False, compare=False)
    """Looks on, in the loop's thread; must not block."""
