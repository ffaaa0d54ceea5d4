"""The pins of the settings as devices: outputs behind their gate, the button, the light.

gpiozero is imported only if the settings name a pin: it costs memory that a speaker without wires need not spend.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from daemon.abilities.devices.outputs import claimed_output
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.tools import device_tools, worked_of
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.devices.working.on_times import OnTimes
from daemon.abilities.devices.working.permission import no_clock, nobody_agrees
from daemon.abilities.volume.volume_controls import VolumeControls, controls_of, pins_of_controls
from daemon.errors import HardwareError
from daemon.house.input_keys import keys_of
from daemon.house.lighting import darken, light_of
from daemon.tools.tool import Toolbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from daemon.abilities.devices.working.consents import Consents
    from daemon.abilities.devices.working.guarded import View
    from daemon.abilities.devices.working.on_times import Boot
    from daemon.abilities.devices.working.permission import Local
    from daemon.abilities.inputs.sensors import Sensors
    from daemon.abilities.inputs.settings import InputSettings
    from daemon.controls.indicator_settings import IndicatorSettings
    from daemon.controls.settings import GpioSettings
    from daemon.conversation.witness import Witness
    from daemon.house.settings import Settings
    from daemon.state.store import Store
    from daemon.tools.tool import Tool
    from hardware.base import Button, Indicator, Knob, Output, Switch
    from hardware.header.factory import PinFactory

    Pins = Callable[[GpioSettings], PinFactory]
    """The pins that the settings speak of. Raises HardwareError."""

log = logging.getLogger(__name__)


def _nothing_to_watch(_changed: Callable[[str], None]) -> None:
    """There are no devices."""


def _nothing_to_remember(_store: Store, _boot: Callable[[], Boot]) -> None:
    """There are no devices."""


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """What the settings say is wired to the header, ready to use."""

    toolbox: Toolbox
    outputs: tuple[View, ...] = ()
    """To be looked at; they are worked through the gate alone, by the tools."""
    watch: Callable[[Callable[[str], None]], None] = _nothing_to_watch
    """Have the name of each output told after it has changed."""
    remember: Callable[[Store, Callable[[], Boot]], None] = _nothing_to_remember
    """Have the gate note in the state what has to outlive the process; without, a restart begins anew."""
    witnesses: tuple[Witness, ...] = ()
    """Who has to hear what was agreed to."""
    inputs: tuple[tuple[InputSettings, Switch], ...] = ()
    """What is noticed, each with its table; nobody watches it yet."""
    knobs: tuple[tuple[InputSettings, Knob], ...] = ()
    """What is turned, besides the volume's own; to be opened, which claims its pins."""
    sensors: Sensors | None = None
    """What measures, if anything does; nobody looks after it yet."""
    button: Button | None = None
    mute_button: Button | None = None
    mute_switch: Switch | None = None
    """What keeps the microphone closed while it is on."""
    volume: VolumeControls = field(default_factory=VolumeControls)
    indicator: Indicator | None = None


def gpio_pins(gpio: GpioSettings) -> PinFactory:
    """The pins the settings speak of; close them at the end. Raises HardwareError."""
    from hardware.header.factory import pin_factory

    return pin_factory(gpio.factory, gpio.chip)


@contextmanager
def wired(
    settings: Settings, pins: Pins | None = gpio_pins, local: Local = no_clock, root: Path = Path("/")
) -> Iterator[Wiring]:
    """Claim the pins, with every output in its safe state; on leaving, make all safe again and let go of the chip.

    Without `pins` nothing is wired. `local` is the wall clock, for devices that have hours; below `root` are the files
    of the kernel's sensors. Needs a running loop. Raises HardwareError.
    """
    if pins is None or not _pins_named(settings):
        with ExitStack() as stack:
            yield _unpinned(settings, stack, root) if pins else Wiring(toolbox=Toolbox(()))
        return
    with ExitStack() as stack:
        factory = pins(settings.gpio)
        stack.callback(factory.close)
        outputs = tuple(_claimed(stack, device, factory) for device in settings.devices)
        limits = zip(outputs, settings.devices, strict=True)
        later, consents = asyncio.get_running_loop().call_later, _consents(settings)
        agreed = consents.given if consents else nobody_agrees
        keys = keys_of(settings.keys)
        gate = Gate(limits, now=time.monotonic, schedule=later, local=local, consent=agreed)
        stack.callback(gate.close)
        inputs = _claimed_switches(stack, settings.inputs, factory) if settings.inputs else ()
        sensors = _sensors(settings, root, factory, stack)
        yield Wiring(
            toolbox=Toolbox(
                [
                    *device_tools(outputs, gate, settings.devices),
                    *_together(settings, gate),
                    *_sensing(settings, inputs, sensors),
                ]
            ),
            outputs=gate.views,
            watch=gate.watch,
            remember=partial(_remember, gate, settings.devices),
            witnesses=(consents,) if consents else (),
            inputs=inputs,
            sensors=sensors,
            knobs=_knobs(settings.inputs, factory) if settings.inputs else (),
            button=_button(settings.button.pin, settings.button.pull, settings, factory) or keys.talk,
            mute_button=_mute_button(settings, factory) or keys.mute,
            mute_switch=_mute_switch(stack, settings, factory),
            volume=keys.beside(controls_of(settings.volume, factory, bounce_ms=settings.button.bounce_ms)),
            indicator=light_of(settings, factory),
        )


def _unpinned(settings: Settings, stack: ExitStack, root: Path) -> Wiring:
    """What is on no pin of the header."""
    keys, sensors = keys_of(settings.keys), _sensors(settings, root)
    return Wiring(
        toolbox=Toolbox(_sensing(settings, (), sensors)),
        sensors=sensors,
        button=keys.talk,
        mute_button=keys.mute,
        mute_switch=_mute_switch(stack, settings, None),
        volume=keys.beside(VolumeControls()),
        indicator=light_of(settings, None),
    )


def _remember(gate: Gate, devices: Sequence[DeviceSettings], store: Store, boot: Callable[[], Boot]) -> None:
    """What of the devices has to outlive the process, if anything has."""
    if any(device.max_on_s for device in devices):
        gate.remember(OnTimes(store, boot))
    if store.lasts and any(device.keeps_count for device in devices):
        from daemon.abilities.devices.working.switch_notes import SwitchNotes

        gate.go_on_counting(SwitchNotes(store, boot))


def _consents(settings: Settings) -> Consents | None:
    """Who hears what is agreed to, where that matters."""
    if not any(device.confirm for device in settings.devices):
        return None
    from daemon.abilities.devices.working.consents import Consents

    return Consents(time.monotonic)


def _together(settings: Settings, gate: Gate) -> list[Tool]:
    """What works several devices at once, where there is any such thing."""
    named = any(device.room or device.aliases for device in settings.devices)
    if not (settings.groups or settings.scenes or named):
        return []
    from daemon.abilities.devices.together.tools import together_tools

    return together_tools(worked_of(gate, settings.devices), settings.devices, settings.groups, settings.scenes)


def _sensors(
    settings: Settings, root: Path, factory: PinFactory | None = None, stack: ExitStack | None = None
) -> Sensors | None:
    """What measures, where there are inputs; a `stack` closes what that opens. Raises HardwareError."""
    if not settings.inputs:
        return None
    from daemon.abilities.inputs.kinds.input_kind import Source
    from daemon.abilities.inputs.sensors import Sensors

    source = Source(root, factory, stack.callback) if stack else Source(root)
    return Sensors(settings.inputs, source, time.monotonic)


def _sensing(settings: Settings, inputs: Sequence[tuple[InputSettings, Switch]], sensors: Sensors | None) -> list[Tool]:
    """What reads the inputs, where there is any."""
    if sensors is None:
        return []
    from daemon.abilities.inputs.tools import sensor_tools

    return sensor_tools(settings.inputs, {table.name: switch for table, switch in inputs}, sensors)


def make_safe(settings: Settings, pins: Pins = gpio_pins) -> int:
    """Put every output into its safe state and the light out, as after a crash; how many outputs there are.

    Raspberry Pi kernels keep a pin as it was when its owner died (raspberrypi/linux #6117). Raises HardwareError, the
    first one of pins that cannot be used, when all others are safe.
    """
    claimed = [*settings.devices, *_light(settings.indicator)]
    faults = _faults_of_claiming(claimed, settings, pins) if claimed else []
    try:
        darken(settings)
    except HardwareError as error:
        faults.append(error)
    for fault in faults[1:]:
        log.error("%s", fault)
    if faults:
        raise faults[0]
    return len(settings.devices)


def _faults_of_claiming(devices: Sequence[DeviceSettings], settings: Settings, pins: Pins) -> list[HardwareError]:
    """Claim each, which makes it safe, and let it go."""
    faults: list[HardwareError] = []
    with ExitStack() as stack:
        try:
            factory = pins(settings.gpio)
        except HardwareError as error:
            return [error]
        stack.callback(factory.close)
        for device in devices:
            try:
                _claimed(stack, device, factory)
            except HardwareError as error:
                faults.append(error)
    return faults


def _pins_named(settings: Settings) -> bool:
    pins = (
        settings.button.pin,
        settings.mute.pin,
        *settings.indicator.wired,
        *(pin for device in settings.devices for pin in device.pins),
        *(one.pin for one in settings.inputs),
    )
    return bool(pins_of_controls(settings.volume)) or any(pin is not None for pin in pins)


def _claimed(stack: ExitStack, device: DeviceSettings, factory: PinFactory) -> Output:
    output = claimed_output(device, factory)
    stack.callback(output.close)
    return output


def _claimed_switches(
    stack: ExitStack, tables: Sequence[InputSettings], factory: PinFactory
) -> tuple[tuple[InputSettings, Switch], ...]:
    from daemon.abilities.inputs.claiming import claimed_switch
    from daemon.abilities.inputs.kinds.input_kinds import SWITCHES

    claimed = []
    for table in tables:
        if table.kind in SWITCHES:
            switch = claimed_switch(table, factory)
            stack.callback(switch.close)
            claimed.append((table, switch))
    return tuple(claimed)


def _knobs(tables: Sequence[InputSettings], factory: PinFactory) -> tuple[tuple[InputSettings, Knob], ...]:
    from daemon.abilities.inputs.claiming import knob_of
    from daemon.abilities.inputs.kinds.input_kinds import KNOBS

    return tuple((table, knob_of(table, factory)) for table in tables if table.kind in KNOBS)


def _light(indicator: IndicatorSettings) -> list[DeviceSettings]:
    """The light as a device that is to be off; none if there is none on pins."""
    keys = ("pin", "green_pin", "blue_pin")
    named: dict[str, Any] = dict(zip(keys, indicator.wired, strict=False))
    kind: Literal["rgb", "led"] = "rgb" if indicator.pins else "led"
    return [DeviceSettings(name="the light", kind=kind, active=indicator.active, **named)] if named else []


def _mute_button(settings: Settings, factory: PinFactory) -> Button | None:
    mute = settings.mute
    return _button(mute.pin, mute.pull, settings, factory) if mute.kind == "button" else None


def _mute_switch(stack: ExitStack, settings: Settings, factory: PinFactory | None) -> Switch | None:
    """On a pin, or in a USB array; closed at the end."""
    mute, switch = settings.mute, cast("Switch | None", None)
    if mute.kind == "switch" and mute.pin is not None and factory:
        from hardware.header.switch_input import GpioSwitch, SwitchSpec

        switch = GpioSwitch(SwitchSpec("the mute switch", mute.pin, active_high=mute.pull == "down"), factory)
    elif mute.kind == "usb":
        from hardware.kernel.array_mute import ArrayMute

        switch = ArrayMute()
    if switch:
        stack.callback(switch.close)
    return switch


def _button(pin: int | None, pull: Literal["up", "down"], settings: Settings, factory: PinFactory) -> Button | None:
    from hardware.header.push_button import GpioButton

    if pin is None:
        return None
    return GpioButton(pin, factory, pull=pull, bounce_ms=settings.button.bounce_ms)
