"""Keys of an input device, which is a pipe here: the kernel's own structure goes through it."""

from __future__ import annotations

import asyncio
import os
import struct
from typing import TYPE_CHECKING

from hardware.kernel.key_button import KeyButton, event_file
from hardware.kernel.key_codes import KEY_CODES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NAME = "Jabra SPEAK 510 USB Consumer Control"
BITS = 8 * struct.calcsize("l")


def bitmap(*codes: int) -> str:
    bits = sum(1 << code for code in codes)
    words = []
    while bits or not words:
        words.append(f"{bits & ((1 << BITS) - 1):x}")
        bits >>= BITS
    return " ".join(reversed(words))


def add_device(root: Path, number: int, name: str, *keys: str) -> Path:
    folder = root / f"sys/class/input/event{number}/device"
    (folder / "capabilities").mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "capabilities/key").write_text(f"{bitmap(*(KEY_CODES[key] for key in keys))}\n")
    pipe = root / f"dev/input/event{number}"
    pipe.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(pipe)
    return pipe


def event(at_s: float, kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", int(at_s), round(at_s % 1 * 1e6), kind, code, value)


def key(at_s: float, name: str, value: int) -> bytes:
    return event(at_s, 1, KEY_CODES[name], value)


class Told:
    def __init__(self, button: KeyButton) -> None:
        self.log: list[str | float] = []
        button.on_pressed = lambda: self.log.append("pressed")
        button.on_released = lambda held_ms: self.log.append(round(held_ms, 3))

    async def until(self, length: int) -> list[str | float]:
        async with asyncio.timeout(10):
            while len(self.log) < length:  # noqa: ASYNC110
                await asyncio.sleep(0)
        return self.log


def test_the_device_is_found_by_its_name_and_by_having_the_key(tmp_path: Path) -> None:
    add_device(tmp_path, 0, "gpio-keys", "KEY_MUTE")
    add_device(tmp_path, 2, f"{NAME} (hid)", "KEY_ENTER")
    add_device(tmp_path, 10, NAME, "KEY_VOLUMEUP", "KEY_VOICECOMMAND")
    found = event_file(tmp_path, "jabra", KEY_CODES["KEY_VOLUMEUP"])
    assert found == tmp_path / "dev/input/event10"
    assert event_file(tmp_path, "Jabra", KEY_CODES["KEY_VOICECOMMAND"]) == found
    assert event_file(tmp_path, "Jabra", KEY_CODES["KEY_MUTE"]) is None
    assert event_file(tmp_path, "Poly", KEY_CODES["KEY_VOLUMEUP"]) is None


async def test_a_press_and_its_release_by_the_kernels_own_time(tmp_path: Path) -> None:
    pipe = add_device(tmp_path, 3, NAME, "KEY_PLAYPAUSE", "KEY_MUTE")
    button = KeyButton("Jabra", "KEY_PLAYPAUSE", tmp_path)
    told = Told(button)
    async with button:
        wire = os.open(pipe, os.O_WRONLY)
        os.write(wire, key(10.25, "KEY_PLAYPAUSE", 1) + event(10.25, 0, 0, 0) + key(10.3, "KEY_MUTE", 1))
        os.write(wire, key(10.5, "KEY_PLAYPAUSE", 2) + key(10.75, "KEY_PLAYPAUSE", 0))
        assert await told.until(2) == ["pressed", 500.0]
        os.close(wire)


async def test_a_press_is_let_go_when_the_kernel_has_lost_events_or_the_device_goes(tmp_path: Path) -> None:
    pipe = add_device(tmp_path, 3, NAME, "KEY_PLAYPAUSE")
    button = KeyButton("Jabra", "KEY_PLAYPAUSE", tmp_path)
    told = Told(button)
    async with button:
        wire = os.open(pipe, os.O_WRONLY)
        os.write(wire, key(1, "KEY_PLAYPAUSE", 1) + event(1.5, 0, 3, 0) + key(2, "KEY_PLAYPAUSE", 0))
        os.write(wire, key(3, "KEY_PLAYPAUSE", 1))
        assert await told.until(3) == ["pressed", 500.0, "pressed"]
        os.close(wire)
        assert await told.until(4) == ["pressed", 500.0, "pressed", 0.0]


async def test_a_device_that_is_missing_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with KeyButton("Jabra", "KEY_MUTE", tmp_path):
        pass
    assert caplog.text.count('KEY_MUTE of "Jabra" cannot be used: it is not there') == 1
