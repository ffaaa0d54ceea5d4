"""What opens a session where there is no key: tokens, of which each is good for one session and a while."""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

Lock = Literal["response", "voice", "instruction", "tools", "sampling", "thinking", "safety"]
"""What of a session a token can close to whoever has it; its model always is."""

API_VERSION: Final = "v1alpha"
"""The one version of the API in which the SDK deals with tokens."""


@dataclass(frozen=True)
class Token:
    """A token and how long it has left. Durations, not times of day: it does not matter what this clock says."""

    name: str = field(repr=False)
    lasts_s: float
    """Until the service ends any session opened with it."""


class TokenSource(Protocol):
    """Where tokens come from; see `daemon.broker.device`."""

    async def token(self, *, resuming: bool) -> Token:
        """A token for a session that opens now. Raises NoSession; whoever `resuming` may get one that was used."""
        ...

    def refused(self) -> None:
        """The service did not take the last one."""
        ...
