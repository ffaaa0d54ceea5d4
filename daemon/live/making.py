"""The one place where a session of the service is made: for the household, for a chat, and for a single question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.live.session import LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from daemon.conversation.messages import SessionMessage
    from daemon.live.options import LiveOptions
    from daemon.live.uplink import Uplink

    LiveSessionMaker: TypeAlias = Callable[[Uplink, Callable[[SessionMessage], None]], LiveSession]


def sessions_told(options: Callable[[], LiveOptions]) -> LiveSessionMaker:
    """Makes sessions that are not yet connected, each told what `options` says by then, whose errors it raises."""

    def make(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> LiveSession:
        return LiveSession(options(), uplink, on_message)

    return make
