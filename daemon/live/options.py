"""What a Live session is told before it connects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from daemon.live.settings import LiveSettings

if TYPE_CHECKING:
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
    """One session: the table of `[live]` as it is, and what is no setting, or comes of several.

    `tools` are function declarations: `{"name", "description", "parameters_json_schema"}`. With a `ca_file` only
    certificates of that authority are accepted, else those the system trusts.
    """

    live: LiveSettings = field(default_factory=LiveSettings)
    """Its `language`, `system_instruction` and `credential` do not count here: what has become of them is below."""
    api_key: str = field(repr=False)
    tokens: TokenSource | None = field(default=None, repr=False)
    """Where to get a token instead, just before connecting; `api_key` and `api_version` do not count then."""
    language: str = ""
    """BCP-47; empty lets the model follow the user."""
    system_instruction: str = ""
    tools: Sequence[Mapping[str, Any]] = ()
    showing: frozenset[str] = frozenset()
    """Tools whose result is a picture. Where that can be had, the model waits for none of them, whatever the settings:
    a frame that arrives while it waits would cancel the call."""
    resumable: bool = True
    """Whether the service shall keep the conversation and issue handles to it, whatever `context` says."""
    handle: str = field(default="", repr=False)
    """The conversation to take up again; empty begins a new one."""
    history: Sequence[Remark] = field(default=(), repr=False)
    """What to tell the model of the conversation so far if there is no handle, or none that is known any more."""
    send_timeout_s: float = 5.0
    """How long one message may wait for room in a socket that does not drain."""
    close_timeout_s: float = 1.0
    """How long a peer may take to say goodbye before the socket is cut."""
    dead_after_ms: int = 0
    """How long nothing of the user's speech may be acknowledged until the line counts as dead; 0 leaves it to the
    kernel. A name then has a deadline of its own, too, for there is somebody else to answer."""
    nudge_after_s: float = 3.0
    """How long a family that is known to fall silent after a tool's result may do so before it is asked to go on."""
    tap: Tap | None = field(default=None, repr=False, compare=False)
    """Looks on, in the loop's thread; must not block."""

    @property
    def modality(self) -> Literal["AUDIO", "TEXT"]:
        """As the service calls it."""
        return "TEXT" if self.live.response == "text" else "AUDIO"

    def with_live(self, **keys: object) -> LiveOptions:
        """The same, but for these keys of `[live]`, which are not checked again."""
        return replace(self, live=self.live.model_copy(update=keys))
