"""A buzzer as the model has it: on and off, and beeps, within its longest time."""

from __future__ import annotations

from daemon.abilities.devices.kinds.buzzer import BUZZER
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.tools.tool import Toolbox
from hardware.fake_board import Board
from tests.daemon.abilities.devices.asking import ask
from tests.daemon.tools.outputs import Clock
from tests.hardware.header.lines import process

DEVICE = DeviceSettings.model_validate(
    {"name": "buzzer", "kind": "buzzer", "pin": 5, "tone_hz": 2000.0, "max_on_s": 0.2}
)


async def test_beeps_are_pulses_of_its_tone_and_longer_ones_are_refused() -> None:
    board, clock = Board(), Clock()

    async def sleep(seconds: float) -> None:
        clock.step(seconds)

    with process(board) as pins:
        buzzer = BUZZER.claim(DEVICE, pins)
        gate = Gate([(buzzer, DEVICE)], now=clock, schedule=clock.schedule)
        toolbox = Toolbox(device_tools([buzzer], gate, [DEVICE], sleep=sleep))
        answer = await ask(toolbox, "pulse", device="buzzer", seconds=0.1, times=2)
        assert (answer["state"], answer["pulses"]) == ("off", 2)
        assert board.pads[5].seen == ["in", 0, ("wave", 50.0), 0, ("wave", 50.0), 0]
        long = await ask(toolbox, "pulse", device="buzzer", seconds=1)
        assert long["error"] == '"buzzer" may be on for 0.2 s at most, not for 1 s'
        assert (await ask(toolbox, "set_device", device="buzzer", state="on"))["state"] == "on"
        clock.step(0.2)
        assert board.pads[5].seen[-1] == 0
