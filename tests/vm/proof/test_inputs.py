"""Inputs on the lines of a real kernel: presses, bounce, an encoder; and sensors through the sandbox of the service.

The files of their sensors are bound into what the service sees of /sys: of 1-Wire the kernel has no driver without
wires, and what its industrial I/O makes up, in `test_kernel_sensors.py`, is never out of order.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.vm.appliance import LAMP, PIPIT, SETTINGS, SETTLING_S

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance

BELL, DOOR, KNOB_A, KNOB_B = 5, 6, 12, 13
RIGHT, LEFT = ((KNOB_A, KNOB_B), (KNOB_B, KNOB_A))
INPUTS = f"""\
{SETTINGS}
[[scene]]
name = "evening"
steps = [{{ device = "lamp" }}]
[[scene]]
name = "dark"
steps = [{{ device = "lamp", state = "off" }}]
[[input]]
name = "bell"
kind = "button"
pin = {BELL}
actions = [{{ when = "pressed", scene = "evening" }}, {{ when = "released", scene = "dark" }}]
[[input]]
name = "door"
kind = "contact"
pin = {DOOR}
[[input]]
name = "knob"
kind = "encoder"
pin = {KNOB_A}
b_pin = {KNOB_B}
actions = [{{ when = "right", scene = "evening" }}, {{ when = "left", scene = "dark" }}]
[[input]]
name = "garden"
kind = "ds18b20"
max_value = 50.0
[[input]]
name = "air"
kind = "iio"
address = "bme280"
"""
BUS: Final = "/run/kernel-sensors"
"""What the service sees as /sys/bus."""
GARDEN: Final = f"{BUS}/w1/devices/28-0316a27946ff"
AIR: Final = f"{BUS}/iio/devices/iio:device0"
BOUNCES: Final = 3
APART_S: Final = 0.05


@pytest.fixture(scope="module", autouse=True)
def wired(appliance: Appliance) -> None:
    """Buttons and contacts are open, and sensors are there."""
    appliance.guest.sh(
        f"mkdir -p {GARDEN} {AIR} /run/systemd/system/pipit.service.d && echo 21500 > {GARDEN}/temperature && "
        f"echo bme280 > {AIR}/name && echo 19250 > {AIR}/in_temp_input && chmod -R a+rX {BUS}"
    )
    appliance.guest.sh(
        "cat > /run/systemd/system/pipit.service.d/50-sensors.conf <<'END'\n"
        f"[Service]\nBindReadOnlyPaths={BUS}:/sys/bus\nEND\n"
        f"cat > /etc/pipit/conf.d/50-tests.toml <<'END'\n{INPUTS}END\nsystemctl daemon-reload"
    )
    for pin in (BELL, DOOR, KNOB_A, KNOB_B):
        appliance.pull(pin, "up")
    appliance.restart()
    appliance.until_ready()
    time.sleep(SETTLING_S)


def bouncing(appliance: Appliance, *edges: tuple[int, str]) -> None:
    """Each edge, back and there again a few times, as fast as a shell writes; from one to the next as a hand turns.

    The kernel keeps sixteen edges of a line for who is late, which is more than a hand and its bounces make meanwhile.
    """
    lines = {pin: f"$(echo /sys/devices/platform/gpio/gpiochip*/sim_gpio{pin}/pull)" for pin, _ in edges}
    back = {"up": "down", "down": "up"}
    names = " ".join(f"line{pin}={where};" for pin, where in lines.items())
    moves = []
    for pin, level in edges:
        moves += [f"echo pull-{way} > $line{pin};" for way in (level, *(back[level], level) * BOUNCES)]
        moves.append(f"sleep {APART_S};")
    appliance.guest.sh(f"{names} {' '.join(moves)}")


def read(appliance: Appliance) -> dict[str, dict[str, Any]]:
    """What `pipit devices read` tells of the inputs, by their names."""
    answer = json.loads(appliance.guest.sh(f"{PIPIT} devices read --json"))
    return {row["sensor"]: row for row in answer["readings"]}


def test_a_press_that_bounces_starts_one_thing_and_its_release_another(appliance: Appliance) -> None:
    appliance.watch_lines()
    for _ in range(3):
        bouncing(appliance, (BELL, "down"))
        appliance.until_line(LAMP, 1)
        time.sleep(0.2)
        bouncing(appliance, (BELL, "up"))
        appliance.until_line(LAMP, 0)
        time.sleep(0.2)
    assert appliance.edges(LAMP) == [1, 0] * 3


def test_a_step_of_an_encoder_that_bounces_is_one_step_whichever_way(appliance: Appliance) -> None:
    appliance.watch_lines()
    for _ in range(3):
        for first, second in (RIGHT, LEFT):
            bouncing(appliance, (first, "down"), (second, "down"), (first, "up"), (second, "up"))
            appliance.until_line(LAMP, int((first, second) == RIGHT))
    time.sleep(1)
    assert appliance.edges(LAMP) == [1, 0] * 3


def test_a_door_is_read_as_it_stands(appliance: Appliance) -> None:
    assert read(appliance)["door"]["state"] == "open"
    appliance.pull(DOOR, "down")
    assert read(appliance)["door"]["state"] == "closed"


def test_a_sensor_that_is_unplugged_or_reads_nonsense_is_told_once_and_stands_in_the_status(
    appliance: Appliance,
) -> None:
    seen = read(appliance)
    assert (seen["garden"]["value"], seen["air"]["value"]) == (21.5, 19.25)
    mark = appliance.mark()
    appliance.guest.sh(f"mv {GARDEN} {BUS}/away; echo 99000 > {AIR}/in_temp_input")
    for _ in range(3):
        time.sleep(2.5)
        seen = read(appliance)
    assert seen["garden"]["error"] == '"garden" is not there'
    assert seen["air"]["value"] == 99
    assert '"garden" is not there' in appliance.shown("StatusText")
    appliance.guest.sh(f"mv {BUS}/away {GARDEN}; echo 51000 > {GARDEN}/temperature")
    time.sleep(2.5)
    assert read(appliance)["garden"]["error"] == '"garden" reads 51 °C, and its max_value is 50'
    appliance.guest.sh(f"echo 20000 > {GARDEN}/temperature")
    time.sleep(2.5)
    assert read(appliance)["garden"]["value"] == 20
    assert "garden" not in appliance.shown("StatusText")
    said = appliance.said_since(mark)
    assert (said.count('"garden" is not there'), said.count('"garden" can be read again')) == (1, 1)
