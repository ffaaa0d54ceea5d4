"""Devices on gpiozero's mock pins."""

from collections.abc import Iterator

import pytest

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.tools.tool import Toolbox
from hardware.header.factory import PinFactory, pin_factory
from hardware.header.output import GpioOutput, OutputSpec
from tests.daemon.abilities.devices.asking import LAMP_PIN, LIGHT_PIN
from tests.daemon.tools.outputs import Bounds, Clock


@pytest.fixture
def factory() -> Iterator[PinFactory]:
    factory = pin_factory("mock")
    yield factory
    factory.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def toolbox(factory: PinFactory, clock: Clock) -> Iterator[Toolbox]:
    """A relay that is on at most ten minutes, and a light that is dimmed to 5 to 60 percent."""
    relay = GpioOutput(OutputSpec("Desk Lamp", LAMP_PIN, active_high=False), factory)
    light = GpioOutput(OutputSpec("night light", LIGHT_PIN, dimmable=True, min_level=0.05, max_level=0.6), factory)
    guarded = [(relay, Bounds(max_on_s=600)), (light, Bounds(min_level=0.05, max_level=0.6))]
    yield Toolbox(device_tools([relay, light], Gate(guarded, now=clock, schedule=clock.schedule)))
    relay.close()
    light.close()
