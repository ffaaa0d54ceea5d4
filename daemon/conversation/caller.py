"""Who made a call, and takes its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.conversation.tool_call import Scheduling, ToolCall


class Caller(Protocol):
    """What is asked of the session that made a call; see `daemon.live.session`."""

    @property
    def takes_parts(self) -> bool: ...

    def answer_tool(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None: ...
