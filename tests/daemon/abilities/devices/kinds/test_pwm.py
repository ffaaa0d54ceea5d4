"""A light that can be dimmed, as the settings and the model have it."""

import pytest

from daemon.house.settings import Settings
from daemon.tools.tool import Toolbox
from hardware.header.factory import PinFactory
from tests.daemon.abilities.devices.asking import LIGHT_PIN, ask, tools_for
from tests.daemon.settings.refused import errors_of
from tests.daemon.tools.outputs import Pretended

LAMP = {"name": "lamp", "kind": "led", "pin": 17}
DIMMER = {"name": "night light", "kind": "pwm", "pin": 12}


def test_nothing_to_dim_no_levels() -> None:
    names = [declaration["name"] for declaration in tools_for(Pretended()).declarations()]
    assert names == ["set_device", "list_devices", "pulse"]


async def test_a_level(toolbox: Toolbox, factory: PinFactory) -> None:
    answer = await ask(toolbox, "set_level", device="night light", percent=40)
    assert answer == {"ok": True, "device": "night light", "state": "on", "level_percent": 40}
    assert factory.pin(LIGHT_PIN).state == pytest.approx(0.4)
    answer = await ask(toolbox, "set_level", device="night light", percent=0)
    assert answer == {"ok": True, "device": "night light", "state": "off", "level_percent": 0}
    assert factory.pin(LIGHT_PIN).state == 0


async def test_every_whole_percent_within_the_bounds_is_reported_as_asked(toolbox: Toolbox) -> None:
    for percent in range(5, 61):
        assert (await ask(toolbox, "set_level", device="night light", percent=percent))["level_percent"] == percent


async def test_what_differs_by_a_rounding_is_the_bound(toolbox: Toolbox, factory: PinFactory) -> None:
    assert (await ask(toolbox, "set_level", device="night light", percent=60.00000001))["level_percent"] == 60
    assert factory.pin(LIGHT_PIN).state == 0.6


@pytest.mark.parametrize(
    ("lamp", "report"),
    [
        (Pretended(dimmable=True, stuck_off=True), "off at 0 percent"),
        (Pretended(dimmable=True, loss=0.1), "on at 30 percent"),
    ],
)
async def test_a_level_that_is_not_reached_is_an_error(lamp: Pretended, report: str) -> None:
    answer = await ask(tools_for(lamp), "set_level", device="lamp", percent=40)
    assert answer["error"] == f'"lamp" was asked to be at 40 percent, but reports that it is {report}'


def test_levels_are_for_what_can_be_dimmed() -> None:
    levels = {"min_level": 0.2, "max_level": 0.8}
    assert Settings.model_validate({"device": [{**DIMMER, **levels}]}).devices[0].max_level == 0.8
    bad = errors_of({"device": [{**LAMP, **levels}]})
    assert list(bad) == [("device", 0, "min_level"), ("device", 0, "max_level")]
    assert 'no meaning for a device of kind "led"' in bad["device", 0, "max_level"]


def test_levels_in_their_order() -> None:
    bad = errors_of({"device": [{**DIMMER, "min_level": 0.8, "max_level": 0.2}]})
    assert "min_level, which is 0.8" in bad["device", 0, "max_level"]
    same = Settings.model_validate({"device": [{**DIMMER, "min_level": 0.5, "max_level": 0.5}]})
    assert same.devices[0].min_level == same.devices[0].max_level


def test_what_is_safe_when_on_has_no_highest_level() -> None:
    """A level in between is a wave, which ends with the process that makes it."""
    bad = errors_of({"device": [{**DIMMER, "safe": "on", "max_level": 0.6}]})
    assert "nothing dims it while Pipit does not run" in bad["device", 0, "max_level"]
    full = Settings.model_validate({"device": [{**DIMMER, "safe": "on", "min_level": 0.2, "max_level": 1.0}]})
    assert full.devices[0].safe == "on"
