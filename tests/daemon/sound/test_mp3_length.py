"""An MP3 is read to its end, whatever it says of its length."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from daemon.sound.mp3_length import MOST_FRAMES, told_frames
from daemon.sound.wav import read_recording

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 4
RATE_HZ = 16_000
TAG = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)


def mp3() -> bytes:
    encoded = io.BytesIO()
    tone = 0.3 * np.sin(2 * np.pi * 440 / RATE_HZ * np.arange(SECONDS * RATE_HZ))
    soundfile.write(encoded, tone, RATE_HZ, format="MP3")
    return encoded.getvalue()


def with_frames(data: bytes, frames: int) -> bytes:
    at = data.index(b"Xing") + 8
    return data[:at] + struct.pack(">I", frames) + data[at + 4 :]


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (mp3(), SECONDS),
        (mp3() + mp3(), 2 * SECONDS),
        (TAG + mp3() + mp3(), 2 * SECONDS),
        (with_frames(mp3(), 0), SECONDS),
        (with_frames(mp3(), 3), SECONDS),
        (mp3() + bytes(128), SECONDS),
    ],
    ids=["right", "joined", "joined behind a tag", "none", "too few", "with a tag behind it"],
)
def test_all_of_it_is_read(tmp_path: Path, data: bytes, seconds: float) -> None:
    file = tmp_path / "a.mp3"
    file.write_bytes(data)
    read = read_recording(file)
    assert len(read.samples) / RATE_HZ == pytest.approx(seconds, abs=0.2)
    assert read.remarks == ()


def head(version: int, magic: bytes, at: int, *, flags: int = 3, frames: int = 10, told_bytes: int = 0) -> bytes:
    """The first frame of an MP3 at 44.1 kHz, or half of it, in stereo."""
    begin = bytes([0xFF, 0xE1 | version << 3 | 2, 0x50, 0x00]).ljust(at, b"\0")
    if magic == b"VBRI":
        return (begin + magic + bytes(6) + struct.pack(">II", told_bytes, frames)).ljust(1_000_000, b"\0")
    return (begin + magic + struct.pack(">III", flags, frames, told_bytes)).ljust(1_000_000, b"\0")


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (head(3, b"Xing", 36), 44),
        (head(2, b"Info", 21), 29),
        (head(3, b"VBRI", 36), 50),
        (TAG + head(3, b"Xing", 36), len(TAG) + 44),
    ],
)
def test_where_the_number_stands(data: bytes, at: int) -> None:
    assert told_frames(io.BytesIO(data), len(data)) == {at: struct.pack(">I", MOST_FRAMES)}


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\xff", b"ID3", b"hello " * 50, b"\xff\xfb\x50\x00", b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"),
        *(head(3, b"Xing", 36, flags=2), head(1, b"Xing", 36), head(3, b"Xing", 21), head(3, b"Xing", 36)[:45]),
        head(3, b"Xing", 36, frames=2_000, told_bytes=1_000_000),
    ],
)
def test_what_has_none_or_one_that_may_be_right_is_left_alone(data: bytes) -> None:
    assert told_frames(io.BytesIO(data), len(data)) == {}
