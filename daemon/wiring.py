"""The pins of the settings as devices: outputs behind their gate, the button, the light.

gpiozero is imported only if the settings name a pin: it costs memory that a speaker without wires need not spend.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from daemon.errors import HardwareError
from daemon.tools.devices import device_tools
from daemon.tools.gate import Gate
from daemon.tools.tool import Toolbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.settings import DeviceSettings, Settings
    from hardware.base import Button, Indicator, Output


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """What the settings say is wired to the header, ready to use."""

    toolbox: Toolbox
    outputs: tuple[Output, ...] = ()
    button: Button | None = None
    mute_button: Button | None = None
    indicator: Indicator | None = None


@contextmanager
def wired(settings: Settings) -> Iterator[Wiring]:
    """Claim the pins, with every output in its safe state; on leaving, make all safe again and release them.

    Needs a running loop. Raises HardwareError.
    """
    if not _pins_named(settings):
        yield Wiring(toolbox=Toolbox(()))
        return
    from hardware import gpio

    with ExitStack() as stack:
        factory = gpio.pin_factory(settings.gpio.factory, settings.gpio.chip)
        stack.callback(factory.close)
        outputs = tuple(_claimed(stack, device, factory) for device in settings.devices)
        limits = zip(outputs, settings.devices, strict=True)
        gate = Gate(limits, now=time.monotonic, schedule=asyncio.get_running_loop().call_later)
        stack.callback(gate.close)
        yield Wiring(
            toolbox=Toolbox(device_tools(outputs, gate)),
            outputs=outputs,
            button=_button(settings.button.pin, settings.button.pull, settings, factory),
            mute_button=_button(settings.mute.pin, settings.mute.pull, settings, factory),
            indicator=_indicator(settings, factory),
        )


def make_safe(settings: Settings) -> int:
    """Put every output into its safe state, as a process that starts after a crash must; how many there are.

    Raspberry Pi kernels keep a pin as it was when its owner died (raspberrypi/linux #6117). Raises HardwareError, the
    first one of pins that cannot be used, when all others are safe.
    """
    if not settings.devices:
        return 0
    from hardware import gpio

    with ExitStack() as stack:
        factory = gpio.pin_factory(settings.gpio.factory, settings.gpio.chip)
        stack.callback(factory.close)
        faults: list[HardwareError] = []
        for device in settings.devices:
            try:
                _claimed(stack, device, factory)
            except HardwareError as error:
                faults.append(error)
        if faults:
            raise faults[0]
    return len(settings.devices)


def _pins_named(settings: Settings) -> bool:
    pins = settings.button.pin, settings.mute.pin, settings.indicator.pin, *(device.pin for device in settings.devices)
    return any(pin is not None for pin in pins)


def _claimed(stack: ExitStack, device: DeviceSettings, factory: Any) -> Output:
    output = claimed_output(device, factory)
    stack.callback(output.close)
    return output


def claimed_output(device: DeviceSettings, factory: Any) -> Output:
    """The device on its pin, in its safe state; close it. Raises HardwareError."""
    from hardware.gpio import GpioOutput, OutputSpec

    spec = OutputSpec(
        device.name,
        device.kind,
        device.pin,
        active_high=device.active == "high",
        safe_on=device.safe == "on",
        min_level=device.min_level,
        max_level=device.max_level,
    )
    return GpioOutput(spec, factory)


def _button(pin: int | None, pull: Literal["up", "down"], settings: Settings, factory: Any) -> Button | None:
    from hardware.gpio import GpioButton

    if pin is None:
        return None
    return GpioButton(pin, factory, pull=pull, bounce_ms=settings.button.bounce_ms)


def _indicator(settings: Settings, factory: Any) -> Indicator | None:
    from hardware.gpio import GpioIndicator

    if settings.indicator.pin is None:
        return None
    return GpioIndicator(settings.indicator.pin, factory, active_high=settings.indicator.active == "high")
