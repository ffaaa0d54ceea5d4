"""`--tools`: the household's devices in the hands of a model that somebody tries out."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from daemon.controls.settings import ButtonSettings, IndicatorSettings, MuteSettings
from daemon.errors import DeviceBusy, UsageError
from daemon.house.wiring import wired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.house.settings import Settings
    from daemon.house.wiring import Wiring


@contextmanager
def offered_devices(settings: Settings, *, offered: bool = True) -> Iterator[Wiring | None]:
    """The outputs of the settings behind their gate, and nothing else of the pins; all are safe again at the end.

    Raises UsageError if there are none, HardwareError if they cannot be used, DeviceBusy if the service holds them.
    """
    if not offered:
        yield None
        return
    if not settings.devices:
        fix = "add a [[device]], or name the file that has them with --settings"
        raise UsageError("--tools: there are no devices in the settings", fix=fix)
    outputs_alone = {"button": ButtonSettings(), "mute": MuteSettings(), "indicator": IndicatorSettings()}
    with ExitStack() as stack:
        try:
            wiring = stack.enter_context(wired(settings.model_copy(update=outputs_alone)))
        except DeviceBusy as error:  # by whom else, on a Pi with these settings?
            what = f"--tools: {error.message}; the service holds its pins while it runs"
            raise DeviceBusy(what, fix="sudo systemctl stop pipit") from error
        yield wiring


def devices_line(settings: Settings) -> str:
    """What the model may work, and on which pins."""
    names = ", ".join(device.name for device in settings.devices)
    return f"it may work, on {'mock' if settings.gpio.factory == 'mock' else 'real'} pins: {names}"
