"""What the verbs of the control socket work with: the parts of the running appliance, as far as it has them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daemon.control_socket.control_lines import PAGE, ControlError
from daemon.conversation.tool_call import ToolCall
from daemon.tools.arguments import WrongArguments, checked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from pydantic import BaseModel

    from daemon.control_socket.standing import Standing
    from daemon.speech.bulletins import Bulletins
    from daemon.tools.tool import Answer, Toolbox


@dataclass(frozen=True, kw_only=True)
class Powers:
    standing: Standing
    mute: Callable[[bool], None]
    toolbox: Toolbox
    """Timers and volume are asked for by the tools that the model has."""
    now: Callable[[], datetime]
    """In the zone of the household."""
    bulletins: Bulletins | None = None
    ring: Callable[[], None] | None = None
    """Ring as an alarm does, for a trial."""
    is_quiet: Callable[[], bool] | None = None
    troubles: Callable[[], str] | None = None
    """What is wrong with microphone, speaker and echo, and their figures; empty while all is well."""

    async def by_tool(self, name: str, arguments: Mapping[str, Any], *, of: str) -> Answer:
        """What the tool answers, a refusal included. Raises ControlError if this appliance has none `of` it."""
        if name not in self.toolbox:
            raise missing(of)
        return await self.toolbox.call(ToolCall("control", name, arguments))


def missing(what: str) -> ControlError:
    fix = "docs/settings.md tells what turns it on"
    return ControlError(f"this appliance has no {what}", fix=fix, exit_status=os.EX_UNAVAILABLE)


def verb(
    model: type[BaseModel], act: Callable[[Any], Awaitable[Answer]]
) -> Callable[[Mapping[str, Any]], Awaitable[Answer]]:
    """`act` with the arguments that `model` makes of what is given; those that do not fit raise ControlError."""

    async def run(given: Mapping[str, Any]) -> Answer:
        try:
            return await act(model.model_construct(**checked(model, given)))
        except WrongArguments as wrong:
            raise ControlError(str(wrong), fix=PAGE) from None

    return run
