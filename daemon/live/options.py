"""What a Live session is told before it connects."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from daemon.conversation.events import Scheduling
from daemon.live.tokens import TokenSource

Service = Literal["search", "url_context", "code_execution"]

Tap = Callable[[Literal["sent", "received"], str | bytes], None]
"""Is shown each message of the socket, keys and all; `redaction.shown` says what of it may be seen."""

GOOGLE = "https://generativelanguage.googleapis.com"
"""The service itself; named here so that no environment variable of the SDK can redirect the daemon."""


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How words are chosen; None is the model's own."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_output_tokens: int | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class TurnTaking:
    """Who finds the beginning and end of speech: this machine, or with `automatic` the service.

    Empty strings and None are the service's own; all but `interrupts` and `coverage` count for `automatic` alone.
    """

    automatic: bool = False
    start_sensitivity: Literal["", "low", "high"] = ""
    end_sensitivity: Literal["", "low", "high"] = ""
    prefix_padding_ms: int | None = None
    silence_ms: int | None = None
    interrupts: bool = True
    coverage: Literal["", "activity", "all_input", "activity_and_video"] = ""


@dataclass(frozen=True, kw_only=True)
class Transcription:
    """What is put in writing; no `languages` is the session's own, if the model takes a hint."""

    input: bool = True
    output: bool = True
    languages: Sequence[str] = ()
    vocabulary: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """How the conversation is kept small; None is the service's own, 80 percent of the window and half of that."""

    compress: bool = True
    trigger_tokens: int | None = None
    target_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said, by whom, before this session began."""

    speaker: Literal["user", "model"]
    text: str


@dataclass(frozen=True, kw_only=True)
class LiveOptions:
    """One session's model, manners, tools and deadlines.

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
    tool_mode: Literal["", "blocking", "non_blocking"] = ""
    """Whether the model waits for a tool; empty lets it wait wherever that can be had."""
    showing: frozenset[str] = frozenset()
    """Tools whose result is a picture. Where that can be had, the model waits for none of them, whatever `tool_mode`:
    a frame that arrives while it waits would cancel the call."""
    scheduling: Literal["", Scheduling] = ""
    """What it does with a result it did not wait for, unless the tool says; empty is the service's own, `when_idle`."""
    modality: Literal["AUDIO", "TEXT"] = "AUDIO"
    media_resolution: Literal["", "low", "medium", "high"] = ""
    turns: TurnTaking = TurnTaking()
    transcription: Transcription = Transcription()
    sampling: Sampling = Sampling()
    thinking_level: str = ""
    """As `ThinkingLevel` spells it, in any case; empty is the model's own, or the least it must be told."""
    thinking_budget: int | None = None
    affective: bool = False
    proactive_audio: bool | None = None
    services: frozenset[Service] = frozenset()
    """What the service may do by itself while it answers."""
    safety: Mapping[str, str] = field(default_factory=dict)
    """From a `HarmCategory` without its prefix to a `HarmBlockThreshold`, both in any case."""
    context: Context = Context()
    resumable: bool = True
    """Whether the service shall keep the conversation and issue handles to it."""
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
