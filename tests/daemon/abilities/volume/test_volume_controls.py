"""The volume by two buttons, or by a knob."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

from daemon.abilities.volume.settings import VolumeSettings
from daemon.abilities.volume.volume_controls import (
    AGAIN_S,
    HELD_S,
    VolumeControls,
    connect,
    controls_of,
    pins_of_controls,
)
from daemon.state.store import Store
from hardware.fake import FakeButton
from hardware.fake_board import Board
from tests.daemon.abilities.volume.volume_houses import Loud, loud
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory

WIRED = VolumeSettings(up_pin=5, down_pin=6, encoder_a=17, encoder_b=27)


def with_buttons(store: Store) -> tuple[Loud, FakeButton, FakeButton]:
    home, up, down = loud(store, voice=0.5), FakeButton(), FakeButton()
    connect(VolumeControls(up=up, down=down), home.volumes, 10, home.time.later)
    return home, up, down


async def test_a_press_is_a_step() -> None:
    async with Store() as store:
        home, up, down = with_buttons(store)
        for button in (up, up, down, up):
            button.press()
            home.time.pass_s(HELD_S / 2)
            button.release(HELD_S * 500)
            home.time.pass_s(60)
        assert [now[0] for _, now in home.told] == [0.6, 0.7, 0.6, 0.7]


async def test_one_that_is_held_goes_on_until_it_is_let_go() -> None:
    async with Store() as store:
        home, _, down = with_buttons(store)
        down.press()
        home.time.pass_s(HELD_S + AGAIN_S)
        down.release(1000 * (HELD_S + AGAIN_S))
        home.time.pass_s(60)
        assert [now[0] for _, now in home.told] == [0.4, 0.3, 0.2]
        assert home.time.timers.pending == []


async def opened(factory: PinFactory, board: Board, home: Loud) -> None:
    """Wire everything over gpiozero's real factory; press, and turn left by two detents."""
    controls = controls_of(WIRED, factory, bounce_ms=0)
    connect(controls, home.volumes, 10, home.time.later)
    parts = list(controls)
    for part in parts:
        await part.__aenter__()
    edges = [(6, 0), (6, 1)] + [(27, 0), (17, 0), (27, 1), (17, 1)] * 2 + [(5, 0), (5, 1)]
    for pin, level in edges:
        board.drive(pin, level)
        await asyncio.sleep(0)
    for part in parts:
        await part.__aexit__(None, None, None)


async def test_on_real_pins_they_all_turn_the_voice() -> None:
    async with Store() as store:
        home, board = loud(store, voice=0.5), Board()
        with process(board) as factory:
            await opened(factory, board, home)
        assert [now[0] for _, now in home.told] == [0.4, 0.3, 0.2, 0.3]
        assert all(not pad.user for pad in board.pads.values())


def test_their_pins_are_told() -> None:
    assert pins_of_controls(VolumeSettings()) == []
    assert pins_of_controls(WIRED) == [(5, "louder"), (6, "quieter"), (17, "A"), (27, "B")]


def test_without_pins_nothing_is_made_and_gpiozero_stays_unloaded() -> None:
    program = """
import sys
from daemon.abilities.quiet.making import quiet_of
from daemon.abilities.volume.making import volumes_of
from daemon.abilities.volume.settings import VolumeSettings
from daemon.abilities.volume.volume_controls import controls_of
assert not list(controls_of(VolumeSettings(), None, bounce_ms=30))
print(*{"gpiozero", "numpy", "dateutil", "babel"} & sys.modules.keys())
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == []
