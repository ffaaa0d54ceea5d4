"""A switch that keeps the microphone closed: followed wherever it stands, from the beginning on."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from daemon.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardware.base import Switch

log = logging.getLogger(__name__)


async def follow(switch: Switch, hold: Callable[[bool], None]) -> None:
    """For ever: `hold` is told when the switch is on, and when it is not any more; that it was off at first, is not.

    A switch that cannot be read is told to the journal. Whoever made it closes it.
    """

    def moved(is_on: bool) -> None:
        log.info("%s is %s", switch.name, "on: the microphone is closed" if is_on else "off")
        hold(is_on)

    try:
        switch.watch(moved)
        if switch.read():
            moved(True)  # noqa: FBT003
    except HardwareError as error:
        log.error("%s", error)  # noqa: TRY400  the household can mend it
    await asyncio.Event().wait()
