"""What is asked of a Live session, whoever is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from daemon.conversation.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.messages import SessionMessage
    from daemon.live.uplink import Uplink


class Session(Caller, Protocol):
    """What is asked of a Live session; see `daemon.live.session`."""

    async def run(self) -> None: ...
    def close(self) -> None: ...
    def leave(self) -> None: ...


class SessionMaker(Protocol):
    def __call__(self, uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        """A session that is not yet connected; raises NoSession."""
        ...
