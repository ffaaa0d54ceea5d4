"""How many frames an MP3 says that it has, which libmpg123 believes: it would read so many and no more.

Two that were joined have the number of the first alone, and a recorder that was killed has written none.
"""

import struct
from collections.abc import Mapping
from typing import IO, Final

MOST_FRAMES: Final = 0x7FFF_FFFF
MOST_TAGS: Final = 8
TAG_V1_BYTES: Final = 128

_RATES_HZ: Final = {0: (11_025, 12_000, 8_000), 2: (22_050, 24_000, 16_000), 3: (44_100, 48_000, 32_000)}
"""By the two bits of the version, as MPEG 2.5, 2 and 1 have them."""
_MPEG_1: Final = 3
_LARGEST_BITRATE: Final = {0: 64_000, 2: 160_000, 3: 320_000}
_MONO: Final = 3


def told_frames(file: IO[bytes], size: int) -> Mapping[int, bytes]:
    """What to put in the place of that number so that all is read; nothing where there is none, or it may be right."""
    begin = _behind_tags(file)
    head = _at(file, begin, 256)
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return {}
    version, rate = head[1] >> 3 & 3, head[2] >> 2 & 3
    if version not in _RATES_HZ or rate == 3:
        return {}
    found = _xing(head, version) or _vbri(head)
    if found is None:
        return {}
    at, frames, told_bytes = found
    samples = 1152 if version == _MPEG_1 else 576
    longest_s = frames * samples / _RATES_HZ[version][rate]
    there = size - begin
    if abs(there - told_bytes) <= TAG_V1_BYTES + there // 100 and there * 8 <= longest_s * _LARGEST_BITRATE[version]:
        return {}
    return {begin + at: struct.pack(">I", MOST_FRAMES)}


def _behind_tags(file: IO[bytes]) -> int:
    """Where ID3v2 ends: its size has seven bits a byte, without its head of ten and a foot of as many."""
    position = 0
    for _ in range(MOST_TAGS):
        head = _at(file, position, 10)
        if len(head) < 10 or head[:3] != b"ID3":
            break
        length = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        position += 10 + length + (10 if head[5] & 0x10 else 0)
    return position


def _xing(head: bytes, version: int) -> tuple[int, int, int] | None:
    """Where the number stands, what it is, and how many bytes there are said to be."""
    mono = head[3] >> 6 == _MONO
    at = 4 + ((17 if mono else 32) if version == _MPEG_1 else (9 if mono else 17)) + (0 if head[1] & 1 else 2)
    if head[at : at + 4] not in {b"Xing", b"Info"} or len(head) < at + 16:
        return None
    flags, frames, told_bytes = struct.unpack_from(">III", head, at + 4)
    return (at + 8, frames, told_bytes if flags & 2 else 0) if flags & 1 else None


def _vbri(head: bytes) -> tuple[int, int, int] | None:
    """The same of Fraunhofer's encoder."""
    if head[36:40] != b"VBRI" or len(head) < 54:
        return None
    told_bytes, frames = struct.unpack_from(">II", head, 46)
    return 50, frames, told_bytes


def _at(file: IO[bytes], position: int, length: int) -> bytes:
    file.seek(position)
    return file.read(length)
