"""Houses in which it is quiet at times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.abilities.quiet.making import quiet_of
from daemon.abilities.quiet.settings import QuietSettings
from daemon.abilities.quiet.tools import quiet_tools
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.quiet.house_time import HouseTime

if TYPE_CHECKING:
    from daemon.abilities.quiet.quiet import Quiet
    from daemon.state.store import Store
    from daemon.tools.tool import Answer
    from daemon.tools.undo import Undo

NIGHTS = {"from": "22:00", "to": "07:00"}


@dataclass
class House:
    """Its time, whether it is quiet, and when that was told to have changed."""

    time: HouseTime
    quiet: Quiet
    told: list[tuple[str, bool]] = field(default_factory=list)

    async def ask(self, undo: Undo | None = None, **arguments: Any) -> Answer:
        """`do_not_disturb`."""
        toolbox = Toolbox(quiet_tools(self.quiet, self.time.clock))
        return await toolbox.call(ToolCall("1", "do_not_disturb", arguments), undo=undo)


def house(store: Store, time: HouseTime | None = None, **table: Any) -> House:
    time = time or HouseTime()
    made = House(time, quiet_of(QuietSettings.model_validate(table), store, time.clock, time.later))
    made.quiet.reports_to(lambda: made.told.append((time.shown, made.quiet.active)))
    return made
