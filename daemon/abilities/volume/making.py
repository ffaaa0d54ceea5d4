"""From `[volume]` to how loud what is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.abilities.quiet.hours import Hours
from daemon.abilities.volume.ceilings import Ceiling
from daemon.abilities.volume.kept_volumes import KeptVolumes
from daemon.abilities.volume.scale import FULL, percent_of
from daemon.abilities.volume.volumes import Volumes
from daemon.settings.time_of_day import as_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.abilities.quiet.local_clock import Later, LocalClock
    from daemon.abilities.quiet.quiet import Quiet
    from daemon.abilities.volume.scale import Whose
    from daemon.abilities.volume.settings import VolumeSettings
    from daemon.state.store import Store


def volumes_of(
    table: VolumeSettings,
    voice: float,
    store: Store,
    quiet: Quiet,
    earcons_percent: int,
    clock: LocalClock | None = None,
    later: Later | None = None,
) -> Volumes:
    """As the settings say and somebody last chose; `voice` is the volume of `[speaker]`, from 0 to 1.

    While it is `quiet`, earcons are not louder than `earcons_percent`. Needs a running loop; `close()` it at the end.
    """
    volumes = Volumes(
        _starting(table, percent_of(voice)),
        KeptVolumes(store),
        ceilings=[
            Ceiling(Hours(as_time(largest.begins), as_time(largest.ends)), largest.percent) for largest in table.largest
        ],
        earcons_most=lambda: earcons_percent if quiet.active else FULL,
        clock=clock,
        later=later or asyncio.get_running_loop().call_later,
    )
    quiet.reports_to(volumes.look)
    return volumes


def _starting(table: VolumeSettings, voice: int) -> Mapping[Whose, int]:
    announcements = voice if table.announcements is None else table.announcements
    return {"voice": voice, "alarm": table.alarm, "announcements": announcements}
