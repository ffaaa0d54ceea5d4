"""The mute key of an array, by what it answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hardware.fake_lights import RecordingRequests
from hardware.kernel.array_mute import ARRAY, ArrayMute

if TYPE_CHECKING:
    import pytest

OPEN = b"\0\0\0\0\1\0"
MUTED = b"\0\0\1\0\1\0"
BUSY = b"\x40\0\0\0\0\0"


class Array(RecordingRequests):
    """One whose answers come one after the other, the last for ever."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(ARRAY)
        self.left = list(answers)
        self.asked: list[tuple[int, int, int]] = []

    def ask(self, value: int, index: int, length: int) -> bytes:
        self.asked.append((value, index, length))
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


async def told_by(array: Array, changes: int) -> list[bool]:
    told: list[bool] = []
    enough = asyncio.Event()

    def changed(muted: bool) -> None:
        told.append(muted)
        if len(told) == changes:
            enough.set()

    switch = ArrayMute(port=array, every_s=0.001)
    assert not switch.read()
    switch.watch(changed)
    async with asyncio.timeout(10):
        await enough.wait()
    assert switch.read() is told[-1]
    switch.close()
    assert not array.is_open
    return told


async def test_each_change_is_told_once() -> None:
    array = Array(OPEN, MUTED, MUTED, OPEN, MUTED)
    assert await told_by(array, 3) == [True, False, True]
    assert set(array.asked) == {(0x80, 20, 6)}
    assert array.sent == [], "nothing is ever written"


async def test_one_that_is_muted_already_is_told_at_once() -> None:
    assert await told_by(Array(MUTED), 1) == [True]


async def test_an_array_that_is_busy_is_asked_again() -> None:
    array = Array(BUSY, BUSY, MUTED)
    assert await told_by(array, 1) == [True]


async def test_an_array_that_does_not_say_is_told_once_and_asked_on(caplog: pytest.LogCaptureFixture) -> None:
    assert await told_by(Array(b"\1\0\0\0\0\0", b"", b"\0", MUTED), 1) == [True]
    assert caplog.text.count("whether it is muted cannot be asked") == 1


async def test_nothing_is_told_after_it_is_closed() -> None:
    told: list[bool] = []
    switch = ArrayMute(port=Array(OPEN), every_s=0.001)
    switch.watch(told.append)
    switch.close()
    await asyncio.sleep(0)
    assert told == []
