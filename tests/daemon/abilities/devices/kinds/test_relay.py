"""A relay, which clicks at whichever level it is wired for."""

from daemon.tools.tool import Toolbox
from hardware.header.factory import PinFactory
from tests.daemon.abilities.devices.asking import LAMP_PIN, ask


async def test_a_relay_that_is_active_at_a_low_level(toolbox: Toolbox, factory: PinFactory) -> None:
    answer = await ask(toolbox, "set_device", device="desk lamp", state="on")
    assert answer == {"ok": True, "device": "Desk Lamp", "state": "on", "turns_off_in_s": 600}
    assert factory.pin(LAMP_PIN).state == 0
    answer = await ask(toolbox, "set_device", device="DESK LAMP", state="Off")
    assert answer == {"ok": True, "device": "Desk Lamp", "state": "off"}
    assert factory.pin(LAMP_PIN).state == 1
