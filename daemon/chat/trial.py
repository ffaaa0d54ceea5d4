"""What a conversation without the appliance works with: this Pipit's equipment, but for what nobody asked for.

Nothing but the outputs is wired, and those only for `--tools`; there is no camera, and neither the history nor the
limits of the household, which belong to its appliance.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from daemon.chat.choices import as_chosen
from daemon.errors import DeviceBusy, UsageError
from daemon.house.equipment import equipped
from daemon.house.settings import Settings
from daemon.live.options import GOOGLE
from daemon.state.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from daemon.abilities.memory.resumption import Resumption
    from daemon.chat.choices import Choices
    from daemon.conversation.witness import Witness
    from daemon.house.equipment import Drivers, Equipment
    from daemon.live.options import LiveOptions
    from daemon.tools.tool import Toolbox

TRIED: Final = ("household", "live", "gpio", "devices", "prices")
"""The tables of the settings that count; the others are as if nothing were written in them."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Ready to talk; `resumption` keeps the handle of the conversation in the store of this trial."""

    options: Callable[[], LiveOptions]
    """What a session that opens now is told; raises NoSession, UsageError."""
    resumption: Resumption
    toolbox: Toolbox | None
    """None: the model has nothing to work."""
    witnesses: Sequence[Witness] = ()
    """Who has to hear what the user says, where devices want a word."""


@asynccontextmanager
async def tried_out(
    settings: Settings, choices: Choices, drivers: Drivers, open_store: Callable[[], Store] = Store
) -> AsyncIterator[Trial]:
    """Of the settings that were `chosen`; without `open_store` nothing outlives it. All outputs are safe at the end.

    Raises UsageError if no device is there to be offered, HardwareError if they cannot be used, DeviceBusy if the
    service holds them.
    """
    if choices.tools and not settings.devices:
        fix = "add a [[device]], or name the file that has them with --settings"
        raise UsageError("--tools: there are no devices in the settings", fix=fix)
    async with AsyncExitStack() as stack:
        hands = drivers if choices.tools else replace(drivers, pins=None)
        equipment = await _equipped(stack, settings, hands, open_store)
        yield Trial(
            options=lambda: as_chosen(equipment.options(), choices),
            resumption=equipment.memory.resumption,
            toolbox=equipment.toolbox if choices.tools else None,
            witnesses=equipment.wiring.witnesses,
        )


async def _equipped(
    stack: AsyncExitStack, settings: Settings, drivers: Drivers, open_store: Callable[[], Store]
) -> Equipment:
    """With handles of one model at one place: a handle is told to nobody but the service that issued it."""
    whom = f"{settings.live.model} at {settings.live.endpoint or GOOGLE}"
    tried = Settings().model_copy(update={table: getattr(settings, table) for table in TRIED})
    try:
        return await stack.enter_async_context(equipped(tried, drivers, open_store, whom=whom))
    except DeviceBusy as error:  # by whom else, on a Pi with these settings?
        what = f"--tools: {error.message}; the service holds its pins while it runs"
        raise DeviceBusy(what, fix="sudo systemctl stop pipit") from error


def devices_line(settings: Settings) -> str:
    """What the model may work, and on which pins."""
    names = ", ".join(device.name for device in settings.devices)
    return f"it may work, on {'mock' if settings.gpio.factory == 'mock' else 'real'} pins: {names}"
