"""A case passes with a client that reports what the server said, and fails with one that does not."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.clients.cases import CASES, tone
from tests.clients.talking import LAMP, RATE_HZ, Open, Replies, Reply, Wanted, blocks

HALF_A_SECOND = bytes(23_998) + b"\x01\x00"


class CannedTalk:
    """A client that reports one canned reply for each thing it is told."""

    def __init__(self, told: Callable[[Replies], None]) -> None:
        self.replies = Replies()
        self._told = told

    async def write(self, _text: str) -> None:
        self._told(self.replies)

    async def speak(self, _sound: bytes) -> None:
        self._told(self.replies)

    async def reconnected(self) -> None:
        pass


def canned(told: Callable[[Replies], None]) -> Open:
    """A client that does `told` at each turn of the user."""

    @asynccontextmanager
    async def session(_wanted: Wanted) -> AsyncIterator[CannedTalk]:
        yield CannedTalk(told)

    return session


def says(text: str, sound: bytes = HALF_A_SECOND, heard: str = "") -> Callable[[Replies], None]:
    def told(replies: Replies) -> None:
        replies.now.said += text
        replies.now.heard += heard
        replies.play(sound)
        replies.complete()

    return told


async def test_a_written_turn_is_held_to_its_words_and_to_its_last_sample() -> None:
    assert await CASES["written_turn"](canned(says("Hello from Pipit."))) == "0.5 s of sound, to the sample"
    with pytest.raises(AssertionError, match=r"the reply's transcript: 'Hello' instead of 'Hello from Pipit.'"):
        await CASES["written_turn"](canned(says("Hello")))
    with pytest.raises(AssertionError, match="bytes of sound: 23998 instead of 24000"):
        await CASES["written_turn"](canned(says("Hello from Pipit.", HALF_A_SECOND[2:])))
    with pytest.raises(AssertionError, match="the sound is silence"):
        await CASES["written_turn"](canned(says("Hello from Pipit.", bytes(24_000))))


async def test_transcripts_are_compared_word_by_word() -> None:
    heard = " What time is it?"
    assert await CASES["transcripts"](canned(says("It is half past noon.", heard=heard)))
    with pytest.raises(AssertionError, match="the user's transcript"):
        await CASES["transcripts"](canned(says("It is half past noon.", heard="What time")))


async def test_a_tool_that_is_not_called_as_the_scenario_says_is_found_out() -> None:
    def told(replies: Replies) -> None:
        replies.set_lamp(**{**LAMP, "on": False})  # type: ignore[arg-type]
        says("The lamp is on.")(replies)

    with pytest.raises(AssertionError, match="the calls of set_lamp"):
        await CASES["tool_round"](canned(told))


async def test_an_interruption_must_be_reported() -> None:
    with pytest.raises(AssertionError, match="does not say that the story was interrupted"):
        async with asyncio.timeout(60):
            await CASES["interruption"](canned(_sounds_then(says("I stopped."))))


def _sounds_then(told: Callable[[Replies], None]) -> Callable[[Replies], None]:
    def both(replies: Replies) -> None:
        told(replies)
        replies.sounding.set()

    return both


async def test_what_the_clients_reader_fails_with_ends_the_wait_for_a_reply() -> None:
    async def reader() -> None:
        raise ConnectionError("1011")

    replies = Replies()
    async with replies.fed_by(reader()):
        with pytest.raises(ConnectionError, match="1011"):
            await replies.next()


async def test_replies_come_in_order_and_each_begins_empty() -> None:
    replies = Replies()
    for text in ("one", "two"):
        replies.now.said += text
        replies.complete()
    assert [await replies.next(), await replies.next()] == [Reply(said="one"), Reply(said="two")]


async def test_sound_is_cut_into_whole_blocks() -> None:
    pieces = [piece async for piece in blocks(b"\1" * 1_300)]
    assert [len(piece) for piece in pieces] == [1_280, 1_280]
    assert b"".join(pieces) == b"\1" * 1_300 + bytes(1_260)


def test_the_tone_lies_between_silences() -> None:
    sound = tone()
    assert math.isclose(len(sound) / 2 / RATE_HZ, 3.5)
    assert not any(sound[: RATE_HZ // 2])
    assert not any(sound[-RATE_HZ:])
