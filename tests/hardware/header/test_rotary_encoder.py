"""A knob on two pins, over mock pins and over gpiozero's real factory with lgpio's stand-in."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import PinRefused
from hardware.fake_board import Board
from hardware.header.push_button import GpioButton
from hardware.header.rotary_encoder import GpioKnob
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from collections.abc import Callable

    from gpiozero.pins.mock import MockFactory  # type: ignore[import-untyped]

A, B = 5, 6
RIGHT = [(A, 0), (B, 0), (A, 1), (B, 1)]
"""The edges of a detent: a pin and its level. Both connect to ground in turn."""
LEFT = [(B, 0), (A, 0), (B, 1), (A, 1)]
Edges = list[tuple[int, int]]


async def told() -> None:
    """Let `call_soon_threadsafe` arrive."""
    await asyncio.sleep(0)


def turning(drive: Callable[[int, int], None], *detents: Edges) -> None:
    for edges in detents:
        for pin, level in edges:
            drive(pin, level)


@pytest.mark.parametrize(
    ("detents", "turned"),
    [
        ([RIGHT], [1]),
        ([LEFT], [-1]),
        ([RIGHT, RIGHT, LEFT], [1, 1, -1]),
        ([RIGHT[:3]], []),  # it did not snap in
        ([RIGHT[:2], RIGHT[1::-1], [(B, 1), (A, 1)]], []),  # turned half-way, and back
        ([[(A, 0), (A, 1), (A, 0), *RIGHT[1:]]], [1]),  # it bounced
        ([[*RIGHT[:3], (B, 1), (B, 0), (B, 1)]], [1]),
    ],
)
async def test_a_detent_counts_once_when_its_edges_came_in_order(detents: list[Edges], turned: list[int]) -> None:
    board = Board()
    with process(board) as factory:
        found: list[int] = []
        async with GpioKnob(A, B, factory) as knob:
            knob.on_turned = found.append
            turning(board.drive, *detents)
            await told()
        assert found == turned


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 3), min_size=4, max_size=4)), max_size=12))
def test_however_each_edge_bounces_each_detent_counts_once(turns: list[tuple[bool, list[int]]]) -> None:
    """Of each edge so many bounces: back, and there again."""

    async def counted() -> list[int]:
        board, found = Board(), list[int]()
        with process(board) as factory:
            async with GpioKnob(A, B, factory) as knob:
                knob.on_turned = found.append
                for right, bounces in turns:
                    for (pin, level), times in zip(RIGHT if right else LEFT, bounces, strict=True):
                        turning(board.drive, [(pin, level), *[(pin, 1 - level), (pin, level)] * times])
                await told()
        return found

    assert asyncio.run(counted()) == [1 if right else -1 for right, _ in turns]


async def test_its_lines_are_inputs_with_a_pull_up_and_never_anything_else() -> None:
    board = Board()
    with process(board) as factory:
        knob = GpioKnob(A, B, factory)  # held: what is collected closes itself
        async with knob:
            assert [(board.pads[pin].pull, board.pads[pin].user) for pin in (A, B)] == [("up", "lg")] * 2
        assert [(board.pads[pin].seen, board.pads[pin].user) for pin in (A, B)] == [(["in"], "")] * 2


async def test_more_turns_than_gpiozero_counts_are_told() -> None:
    board, found = Board(), list[int]()
    with process(board) as factory:
        async with GpioKnob(A, B, factory) as knob:
            knob.on_turned = found.append
            turning(board.drive, *[RIGHT] * 40)
            await told()
    assert found == [1] * 40


def driven(pins: MockFactory) -> Callable[[int, int], None]:
    def drive(pin: int, level: int) -> None:
        (pins.pin(pin).drive_high if level else pins.pin(pin).drive_low)()

    return drive


async def test_edges_come_in_another_thread_and_the_call_in_the_loops(pins: MockFactory) -> None:
    threads: list[threading.Thread] = []
    async with GpioKnob(A, B, pins) as knob:
        knob.on_turned = lambda _detents: threads.append(threading.current_thread())
        await asyncio.to_thread(turning, driven(pins), RIGHT)
        await told()
    assert threads == [threading.main_thread()]


async def test_a_knob_that_nobody_listens_to_is_let_alone_and_a_closed_one_is_silent(pins: MockFactory) -> None:
    found, threads = list[int](), threading.active_count()
    async with GpioKnob(A, B, pins) as knob:
        turning(driven(pins), RIGHT)
        await told()
        knob.on_turned = found.append
    turning(driven(pins), RIGHT)
    await told()
    assert found == []
    assert threading.active_count() == threads


async def test_a_pin_that_is_taken_is_refused(pins: MockFactory) -> None:
    async with GpioButton(B, pins):
        with pytest.raises(PinRefused, match="already in use"):
            async with GpioKnob(A, B, pins):
                pass
