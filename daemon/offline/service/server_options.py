"""How a whole server behaves: limits, delivery, strictness. Plain data; the `[server]` table of a scenario file."""

from dataclasses import dataclass, field, replace
from math import inf, isfinite
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What ends connections and sessions. The defaults are the service's (Live API session guide); None: no limit."""

    connection_s: float | None = 600
    """A connection ends after so long (1011), whatever is going on."""
    go_away_s: float = 60
    """So long before, `goAway` announces it."""
    session_s: float | None = 900
    """A session without compression ends so long after it began, over all its connections."""
    video_session_s: float | None = 120
    """The same once a picture was sent."""
    handle_s: float = 7_200
    """A resumption handle stands for its session so long (Gemini API; Vertex: 24 h)."""
    context_tokens: int | None = None
    """The context window; None is the model family's own. Without compression, more ends the session (1007)."""
    sessions: int | None = None
    """Sessions open at once; the service's limit is not published. More are refused (1011)."""

    def __post_init__(self) -> None:
        """Raises ValueError for what could never be kept."""
        for name in ("connection_s", "go_away_s", "session_s", "video_session_s", "handle_s"):
            seconds = getattr(self, name)
            if seconds is not None and not (isfinite(seconds) and seconds >= 0):
                raise ValueError(f"{name} = {seconds} is no length of time")
        for name in ("context_tokens", "sessions"):
            count = getattr(self, name)
            if count is not None and count < 1:
                raise ValueError(f"{name} = {count} leaves no room for anything")


@dataclass(frozen=True)
class Delivery:
    """How reply audio is cut and paced."""

    chunk_ms: float = 160
    """Sound in one message; recordings of the service (js-genai, pydantic-ai) show 60 to 240 ms."""
    realtime: bool | None = None
    """`turnComplete` comes when the sound would have been heard; else as soon as all is sent, which is not the
    service's way but saves time. None: nobody has said how, and it is sent at once."""
    lead_ms: float | None = None
    """With `realtime`: how far ahead of its playing sound is sent, infinite for as fast as it is made; None: 0."""

    def __post_init__(self) -> None:
        """Raises ValueError for pieces without sound and for sound later than it plays."""
        if self.chunk_ms <= 0:
            raise ValueError(f"chunk_ms = {self.chunk_ms} leaves no sound in a message")
        if self.lead_ms is not None and not self.lead_ms >= 0:
            raise ValueError(f"lead_ms = {self.lead_ms} would send sound after it was heard")

    def as_the_service(self) -> Self:
        """This, and what it leaves open as the service has it: sent as fast as it is made, over when it was heard."""
        if self.realtime is not None:
            return self
        return replace(self, realtime=True, lead_ms=inf if self.lead_ms is None else self.lead_ms)


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """Everything about a server that is not about one connection or one turn."""

    limits: Limits = field(default_factory=Limits)
    delivery: Delivery = field(default_factory=Delivery)
    lenient: bool = False
    """Take setups that the model's family refuses."""
