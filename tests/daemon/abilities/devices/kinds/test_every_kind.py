"""What holds for every kind: it is safe at start, stop and after a kill, tried by hand, worked and read back."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import PINS
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.gate import Gate
from daemon.house.settings import Settings
from daemon.house.wiring import make_safe, wired
from hardware.fake_board import Board
from tests.daemon.abilities.devices.asking import ask
from tests.daemon.tools.outputs import Clock
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from hardware.fake_board import Level

DEVICES: dict[str, dict[str, Any]] = {
    "led": {},
    "relay": {"active": "low"},
    "pwm": {"min_level": 0.1, "max_level": 0.8},
    "rgb": {"green_pin": 6, "blue_pin": 13},
    "fan": {"min_level": 0.3},
    "buzzer": {"tone_hz": 2000.0},
    "servo": {"min_angle": -60.0},
    "motor": {"backward_pin": 6, "max_on_s": 20.0},
    "pulse": {"max_on_s": 0.5},
}
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    **dict.fromkeys(("led", "relay", "buzzer"), ("set_device", {"state": "on"})),
    **dict.fromkeys(("pwm", "fan"), ("set_level", {"percent": 50})),
    "rgb": ("set_colour", {"colour": "blue"}),
    "servo": ("set_angle", {"degrees": 30}),
    "motor": ("run_motor", {"direction": "backward", "percent": 60}),
    "pulse": ("trigger", {}),
}
"""What the model asks for, so that it moves."""
TOLD: dict[str, dict[str, Any]] = {
    **{key: {} for key in ("led", "relay", "pulse", "buzzer")},
    **{key: {"level_percent": 50} for key in ("pwm", "fan")},
    "rgb": {"colour": "blue", "level_percent": 100},
    "servo": {"angle_degrees": 30},
    "motor": {"direction": "backward", "level_percent": 60},
}


def table(kind: str) -> dict[str, Any]:
    return {"name": "thing", "kind": kind, "pin": 5, **DEVICES[kind]}


def house(kind: str) -> Settings:
    return Settings.model_validate({"device": [table(kind)]})


def pins_of(kind: str) -> list[int]:
    return [table(kind)[key] for key in PINS if key in table(kind)]


def rest_of(kind: str) -> Level:
    return 1 if DEVICES[kind].get("active") == "low" else 0


def levels(board: Board, kind: str) -> list[Level]:
    return [board.pads[pin].seen[-1] for pin in pins_of(kind)]


def test_none_is_forgotten_here() -> None:
    assert set(DEVICES) == set(CALLS) == set(TOLD) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_worked_by_its_tool_and_safe_at_start_and_stop(kind: str) -> None:
    board, (tool, arguments) = Board(), CALLS[kind]
    with process(board) as pins, wired(house(kind), lambda _: pins) as wiring:
        assert levels(board, kind) == [rest_of(kind)] * len(pins_of(kind))
        if DeviceSettings.model_validate(table(kind)).min_off_s:
            refused = await ask(wiring.toolbox, tool, device="thing", **arguments)
            assert "must stay off" in refused["error"]
            return
        answer = await ask(wiring.toolbox, tool, device="thing", **arguments)
        assert (answer["ok"], answer["state"]) == (True, "on")
        assert TOLD[kind].items() <= answer.items()
        assert levels(board, kind) != [rest_of(kind)] * len(pins_of(kind))
    assert levels(board, kind) == [rest_of(kind)] * len(pins_of(kind))
    assert all(board.pads[pin].seen[:2] == ["in", rest_of(kind)] for pin in pins_of(kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "servo"])  # which has a loop to rest by
def test_killed_while_it_is_on_it_is_made_safe(kind: str) -> None:
    board, clock, device = Board(), Clock(), DeviceSettings.model_validate(table(kind))
    with process(board, killed=True) as pins:
        gate = Gate([(KINDS[kind].claim(device, pins), device)], now=clock, schedule=clock.schedule)
        clock.step(device.min_off_s)
        KINDS[kind].leave(gate, "thing", True)
        assert gate.read("thing").on
    assert levels(board, kind) != [rest_of(kind)] * len(pins_of(kind))
    with process(board) as pins:
        assert make_safe(house(kind), lambda _: pins) == 1
    assert levels(board, kind) == [rest_of(kind)] * len(pins_of(kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in ("buzzer", "motor", "pulse")])
def test_what_must_not_last_ends_by_itself(kind: str) -> None:
    board, clock, device = Board(), Clock(), DeviceSettings.model_validate(table(kind))
    assert device.max_on_s > 0
    with process(board) as pins:
        gate = Gate([(KINDS[kind].claim(device, pins), device)], now=clock, schedule=clock.schedule)
        clock.step(device.min_off_s)
        KINDS[kind].leave(gate, "thing", True)
        clock.step(device.max_on_s - 0.01)
        assert levels(board, kind) != [0] * len(pins_of(kind))
        clock.step(0.01)
        assert levels(board, kind) == [0] * len(pins_of(kind))


def test_a_kind_is_imported_when_it_is_named_and_not_before() -> None:
    code = (
        "import sys, daemon.house.wiring, daemon.house.settings as s\n"
        "s.Settings.model_validate({'device': [{'name': 'lamp', 'kind': 'led', 'pin': 17}]})\n"
        "named = [f'daemon.abilities.devices.kinds.{n}' for n in ('rgb', 'motor', 'fan', 'pulse', 'servo')]\n"
        "print([name for name in named if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"
