"""From `[quiet]` to what knows whether it is quiet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.abilities.quiet.hours import Hours
from daemon.abilities.quiet.quiet import Quiet
from daemon.abilities.quiet.spoken_quiet import SpokenQuiet
from daemon.settings.time_of_day import as_time

if TYPE_CHECKING:
    from daemon.abilities.quiet.local_clock import Later, LocalClock
    from daemon.abilities.quiet.settings import QuietSettings
    from daemon.state.store import Store


def quiet_of(table: QuietSettings, store: Store, clock: LocalClock | None = None, later: Later | None = None) -> Quiet:
    """As the settings say and somebody last said. Needs a running loop; `close()` it at the end."""
    hours = Hours(as_time(table.begins), as_time(table.ends)) if table.begins and table.ends else None
    return Quiet(hours, SpokenQuiet(store), clock=clock, later=later or asyncio.get_running_loop().call_later)
