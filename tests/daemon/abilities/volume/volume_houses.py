"""Houses whose volume is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.abilities.volume.making import volumes_of
from daemon.abilities.volume.settings import VolumeSettings
from daemon.abilities.volume.tools import volume_tools
from daemon.conversation.tool_call import ToolCall
from daemon.sound.sound_kind import SoundKind
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import house as quiet_house

if TYPE_CHECKING:
    from daemon.abilities.quiet.quiet import Quiet
    from daemon.abilities.volume.volumes import Volumes
    from daemon.state.store import Store
    from daemon.tools.tool import Answer
    from daemon.tools.undo import Undo

AT_NIGHT = [{"from": "22:00", "to": "07:00", "percent": 30}]
VOICE, EARCON, MESSAGE, RING = SoundKind
QUIET_EARCONS = 25


@dataclass
class Loud:
    """A house, its volumes, and when they were told to have changed: to these of voice, announcements and rings."""

    time: HouseTime
    quiet: Quiet
    volumes: Volumes
    step_percent: int = 10
    told: list[tuple[str, tuple[float, ...]]] = field(default_factory=list)

    def now(self) -> tuple[float, ...]:
        return tuple(self.volumes.of(kind) for kind in (VOICE, MESSAGE, RING))

    async def ask(self, tool: str, undo: Undo | None = None, **arguments: Any) -> Answer:
        toolbox = Toolbox(volume_tools(self.volumes, self.step_percent))
        return await toolbox.call(ToolCall("1", tool, arguments), undo=undo)


def loud(
    store: Store,
    time: HouseTime | None = None,
    *,
    voice: float = 0.8,
    quiet: dict[str, str] | None = None,
    **table: Any,
) -> Loud:
    time = time or HouseTime()
    settings = VolumeSettings.model_validate(table)
    hushed = quiet_house(store, time, **(quiet or {})).quiet
    volumes = volumes_of(settings, voice, store, hushed, QUIET_EARCONS, time.clock, time.later)
    made = Loud(time, hushed, volumes, settings.step_percent)
    volumes.reports_to(lambda: made.told.append((time.shown, made.now())))
    return made
