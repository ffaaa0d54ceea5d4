"""What recorders leave behind in the headers of sound files, put right before libsndfile believes it.

A recorder that was killed, or that wrote into a pipe, could not go back to its header to say how long the sound is. All
that is needed is found in the bytes themselves; nothing is decoded here.
"""

import io
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final

from daemon.sound.mp3_length import told_frames

PCM: Final = 0x0001
EXTENSIBLE: Final = 0xFFFE
"""Tags of a WAV's `fmt ` chunk (Microsoft, mmreg.h); of the latter the true one begins its GUID."""

UNKNOWN_32: Final = 0xFFFF_FFFF
"""How long the sound is, said by one who does not know: libsndfile then reads to the end."""

MOST_CHUNKS: Final = 1_000
MOST_PAGES: Final = 2_000_000


@dataclass(frozen=True)
class Section:
    """From `start` to `end` of a file lies one stream of sound; `patches` replace bytes at positions of the file.

    `padded`: its samples are 32 bits wide, and perhaps only 24 of them are used. `needs_path`: libsndfile reads such a
    file by its path alone.
    """

    start: int
    end: int
    patches: Mapping[int, bytes] = field(default_factory=dict)
    padded: bool = False
    needs_path: bool = False


def sections(file: IO[bytes]) -> list[Section]:
    """What `file` is made of, in order: one section but for chained Ogg. Leaves its position undefined."""
    size = file.seek(0, os.SEEK_END)
    magic = _at(file, 0, 12)
    match magic[:4], magic[8:]:
        case (b"RIFF" | b"RF64", b"WAVE"):
            return [_wave(file, size)]
        case b"RIFX", b"WAVE":
            return [_big_endian(file, size, b"data", 0)]
        case b"FORM", (b"AIFF" | b"AIFC"):
            return [_big_endian(file, size, b"SSND", 8)]
        case b"fLaC", _:
            return [_flac(file, size)]
        case b".snd", _:
            return [_au(file, size)]
        case b"caff", _:
            return [_caf(file, size)]
        case b"OggS", _:
            return _ogg(file, size)
    patches = told_frames(file, size)
    return [Section(0, size, patches, needs_path=bool(patches))]


class Mended(io.RawIOBase):
    """A section as a file of its own, for reading."""

    def __init__(self, file: IO[bytes], section: Section) -> None:
        super().__init__()
        self._file = file
        self._section = section
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        length = self._section.end - self._section.start
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        begin = self._section.start + self._at
        data = bytearray(_at(self._file, begin, max(0, min(len(buffer), self._section.end - begin))))
        for position, patch in self._section.patches.items():
            for index, byte in enumerate(patch, position - begin):
                if 0 <= index < len(data):
                    data[index] = byte
        buffer[: len(data)] = bytes(data)
        self._at += len(data)
        return len(data)


def _at(file: IO[bytes], position: int, length: int) -> bytes:
    file.seek(position)
    return file.read(length)


# WAV


def _wave(file: IO[bytes], size: int) -> Section:
    """Data of no length, with sound behind it; 24 bits in four bytes that are called 24 bits (alsa-utils #308)."""
    patches: dict[int, bytes] = {}
    padded = False
    long_sizes = b""
    for name, begin, length in _chunks(file, 12, size, "<4sI"):
        if name == b"ds64":
            long_sizes = _at(file, begin, 16)
        elif name == b"fmt ":
            padded = _fmt(_at(file, begin, 26), begin, patches)
        elif name == b"data":
            if _stops_short(file, begin, length, size, "<4sI"):
                patches[begin - 4] = struct.pack("<I", UNKNOWN_32)
                patches[4] = struct.pack("<I", UNKNOWN_32)
            if len(long_sizes) == 16 and length == UNKNOWN_32:
                _mend_long_sizes(file, long_sizes, begin, size, patches)
            break
    return Section(0, size, patches, padded)


def _fmt(chunk: bytes, begin: int, patches: dict[int, bytes]) -> bool:
    """Whether samples are 32 bits wide; their width is mended where only what is used of it was told."""
    if len(chunk) < 16:
        return False
    bits: int
    tag, channels, _rate, _bytes, align, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == EXTENSIBLE and len(chunk) >= 26:
        (tag,) = struct.unpack_from("<H", chunk, 24)
    if tag != PCM or channels == 0 or align != 4 * channels:
        return False
    if 16 < bits < 32:
        patches[begin + 14] = struct.pack("<H", 32)
    return 16 < bits <= 32


def _stops_short(file: IO[bytes], begin: int, length: int, size: int, header: str) -> bool:
    """Whether sound goes on behind the data chunk: neither the end of the file nor another chunk is there."""
    behind = begin + length + length % 2
    if length == UNKNOWN_32 or size - behind < 8:
        return False
    name, following = struct.unpack(header, _at(file, behind, 8))
    is_a_name = name.isascii() and name.decode("ascii").isprintable()
    return not (is_a_name and behind + 8 + following <= size + 1)


def _mend_long_sizes(file: IO[bytes], sizes: bytes, begin: int, size: int, patches: dict[int, bytes]) -> None:
    """The sizes of RF64 (EBU Tech 3306) stand in a chunk before: of the file, of the sound, and how many samples."""
    _riff, data = struct.unpack("<QQ", sizes)
    if data == 0 or data > size - begin:
        ds64 = next(at for name, at, _ in _chunks(file, 12, size, "<4sI") if name == b"ds64")
        patches[ds64] = struct.pack("<QQ", size - 8, size - begin)


# Others


def _big_endian(file: IO[bytes], size: int, sound: bytes, empty: int) -> Section:
    """RIFX and AIFF: sound behind a chunk that ends too early; `empty` is the length of one without sound."""
    patches: dict[int, bytes] = {}
    for name, begin, length in _chunks(file, 12, size, ">4sI"):
        if name == b"COMM":
            patches[begin + 2] = struct.pack(">I", UNKNOWN_32)
        elif name == sound:
            if _stops_short(file, begin, max(length, empty), size, ">4sI"):
                unknown = struct.pack(">I", UNKNOWN_32)
                return Section(0, size, {**patches, 4: unknown, begin - 4: unknown})
            break
    return Section(0, size)


def _flac(file: IO[bytes], size: int) -> Section:
    """How many samples there are (36 bits of STREAMINFO, RFC 9639, section 8.2): unknown, so that all are read."""
    info = _at(file, 0, 26)
    told = len(info) == 26 and info[4] & 0x7F == 0 and (info[21] & 0x0F or any(info[22:]))
    return Section(0, size, {21: bytes([info[21] & 0xF0, 0, 0, 0, 0])} if told else {})


def _au(file: IO[bytes], size: int) -> Section:
    """Data of no length, which stands for all that follows."""
    _magic, offset, length = struct.unpack(">4sII", _at(file, 0, 12).ljust(12, b"\0"))
    return Section(0, size, {8: struct.pack(">I", UNKNOWN_32)} if length == 0 and size > offset else {})


def _caf(file: IO[bytes], size: int) -> Section:
    """Data of length -1, which is to the end (Apple, Core Audio Format); of none, or of more than there is."""
    for name, begin, length in _chunks(file, 8, size, ">4sq"):
        if name == b"data" and not 4 < length <= size - begin:
            return Section(0, size, {begin - 8: struct.pack(">q", size - begin)})
    return Section(0, size)


def _chunks(file: IO[bytes], position: int, size: int, header: str) -> Iterator[tuple[bytes, int, int]]:
    """Name, position of what it holds, and length as told of each chunk; not more than there can be in earnest."""
    even = header.endswith("I")
    for _ in range(MOST_CHUNKS):
        head = _at(file, position, struct.calcsize(header))
        if len(head) < struct.calcsize(header):
            return
        name, length = struct.unpack(header, head)
        position += len(head)
        yield name, position, length
        if length < 0 or position + length > size:
            return
        position += length + (length % 2 if even else 0)


def _ogg(file: IO[bytes], size: int) -> list[Section]:
    """Chained streams (RFC 3533, section 4): libsndfile reads the first alone."""
    begins = [0]
    in_sound = False
    for position, first in _pages(file, size):
        if first and in_sound:
            begins.append(position)
        in_sound = not first
    return [Section(begin, end) for begin, end in zip(begins, [*begins[1:], size], strict=True)]


def _pages(file: IO[bytes], size: int) -> Iterator[tuple[int, bool]]:
    """Where each page begins, and whether it is the first of a stream; as far as the file is in order."""
    position = 0
    for _ in range(MOST_PAGES):
        head = _at(file, position, 27)
        if len(head) < 27 or head[:4] != b"OggS":
            return
        yield position, bool(head[5] & 2)
        position += 27 + head[26] + sum(_at(file, position + 27, head[26]))
        if position >= size:
            return
