"""What a Live session is told before it connects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

GOOGLE = "https://generativelanguage.googleapis.com"
"""The service itself; named here so that no environment variable of the SDK can redirect the daemon."""


@dataclass(frozen=True, kw_only=True)
class LiveOptions:
    """One session's model, manners, tools and deadlines.

    `tools` are function declarations: `{"name", "description", "parameters_json_schema"}`. `endpoint` is an `https`
    address; with `ca_file` only certificates of that authority are accepted, else those the system trusts.
    """

    api_key: str = field(repr=False)
    model: str = "gemini-3.8-live"
    voice: str = "Kore"
    language: str = ""
    """BCP-47; empty lets the model follow the user."""
    system_instruction: str = ""
    tools: Sequence[Mapping[str, Any]] = ()
    modality: Literal["AUDIO", "TEXT"] = "AUDIO"
    endpoint: str = ""
    ca_file: str = ""
    api_version: str = "v1beta"
    connect_timeout_s: float = 10.0
    """From the first packet to `setupComplete`: the SDK itself would wait for that for ever."""
    send_timeout_s: float = 5.0
    """How long one message may wait for room in a socket that does not drain."""
    close_timeout_s: float = 1.0
    """How long a peer may take to say goodbye before the socket is cut."""
