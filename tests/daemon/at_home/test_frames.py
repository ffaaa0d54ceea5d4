"""What goes over the socket comes out as it went in, or not at all."""

from __future__ import annotations

import asyncio

import pytest

from daemon.at_home.frames import Frame, read, written


def reader_of(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def test_frames_come_out_as_they_went_in() -> None:
    frames = [
        Frame("ready"),
        Frame("spoken", {"text": "Grüße\n", "number": 3}, b"\n\x00{}\n"),
        Frame("done", {"a": [1]}),
    ]
    reader = reader_of(b"".join(map(written, frames)))
    assert [await read(reader) for _ in range(4)] == [*frames, None]


@pytest.mark.parametrize("cut", [1, 20, -1])
async def test_half_a_frame_is_the_end(cut: int) -> None:
    assert await read(reader_of(written(Frame("spoken", {"text": "words"}, b"sound"))[:cut])) is None


def test_what_was_said_is_not_shown() -> None:
    assert "secret" not in repr(Frame("heard", {"text": "secret"}, b"secret"))
