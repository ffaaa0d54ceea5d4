import io
import os
import struct

import pytest

from daemon.sound.container import MOST_CHUNKS, Mended, Section, sections

FMT = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)


def wave(*chunks: bytes) -> io.BytesIO:
    return io.BytesIO(b"RIFF\0\0\0\0WAVE" + b"".join(chunks))


def chunk(name: bytes, size: int, data: bytes = b"") -> bytes:
    return name + struct.pack("<I", size) + data


def mended(file: io.BytesIO) -> bytes:
    (section,) = sections(file)
    return Mended(file, section).read()


@pytest.mark.parametrize(
    "file",
    [
        wave(FMT, chunk(b"data", 8, bytes(8))),
        wave(FMT, chunk(b"data", 0)),
        wave(FMT, chunk(b"data", 3, bytes(4)), chunk(b"LIST", 4, b"INFO")),
        wave(FMT, chunk(b"data", 4, bytes(4)), b"\0\0\0"),
        wave(FMT),
        wave(),
        io.BytesIO(b"fLaC rubbish"),
        io.BytesIO(b".snd" + struct.pack(">II", 24, 4) + bytes(16)),
        io.BytesIO(b"caff\0\1\0\0"),
        io.BytesIO(b"O"),
        io.BytesIO(b""),
    ],
)
def test_what_is_in_order_is_left_alone(file: io.BytesIO) -> None:
    size = len(file.getvalue())
    assert sections(file) == [Section(0, size)]
    assert mended(file) == file.getvalue()


def test_data_without_a_length_goes_to_the_end() -> None:
    file = wave(FMT, chunk(b"data", 0, b"\1\2" * 40))
    assert mended(file)[40:44] == b"\xff\xff\xff\xff"
    assert mended(file)[44:] == b"\1\2" * 40


def test_an_empty_data_chunk_before_another_chunk_stays_empty() -> None:
    file = wave(FMT, chunk(b"data", 0), chunk(b"LIST", 4, b"INFO"))
    assert mended(file) == file.getvalue()


def test_chunks_without_end_are_not_followed_without_end() -> None:
    file = wave(*[chunk(b"junk", 0)] * (MOST_CHUNKS + 5), chunk(b"data", 0, b"\1\2" * 40))
    assert mended(file) == file.getvalue()


@pytest.mark.parametrize(("align", "bits", "padded"), [(2, 16, False), (4, 24, True), (4, 32, True), (3, 24, False)])
def test_samples_in_four_bytes_are_32_bits_wide(align: int, bits: int, padded: bool) -> None:
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 16_000 * align, align, bits)
    file = wave(fmt, chunk(b"data", 12, bytes(12)))
    (section,) = sections(file)
    assert section.padded is padded
    assert struct.unpack_from("<H", Mended(file, section).read(), 34) == (32 if padded else bits,)


def test_floats_are_not_taken_for_whole_numbers() -> None:
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 3, 1, 16_000, 64_000, 4, 32)
    assert not sections(wave(fmt, chunk(b"data", 4, bytes(4))))[0].padded


def page(flags: int, data: bytes) -> bytes:
    return b"OggS\0" + bytes([flags]) + bytes(20) + bytes([1, len(data)]) + data


def test_chained_streams_are_sections_and_multiplexed_ones_are_not() -> None:
    first = page(2, b"a") + page(2, b"b") + page(0, b"sound")
    second = page(2, b"c") + page(4, b"more")
    file = io.BytesIO(first + second)
    assert [Mended(file, section).read() for section in sections(file)] == [first, second]


def test_a_section_is_a_file_of_its_own() -> None:
    file = Mended(io.BytesIO(b"0123456789"), Section(2, 8, {3: b"xy", 7: b"zzz"}))
    assert file.read() == b"2xy56z"
    assert file.seek(-2, os.SEEK_END) == 4
    assert file.read(5) == b"6z"
    assert file.seek(1) == 1
    assert file.seek(1, os.SEEK_CUR) == 2
    assert file.read(1) == b"y"
    assert file.tell() == 3
    assert file.seek(99) == 99
    assert file.read() == b""
