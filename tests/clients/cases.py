"""What every client has to do, once for all of them. Each case returns what it saw, or raises AssertionError.

They run in the client's own environment, so they import nothing but the standard library.
"""

import array
import asyncio
import math
import os
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final

from tests.clients.talking import LAMP, RATE_HZ, Open, Reply, Talk, Wanted

REPLY_BYTES_PER_S: Final = 24_000 * 2

SPEECH_S: Final = 1.0
SILENCE_S: Final = 2.0
"""Longer than the server's detector waits for the user to go on."""

ROOM_S: Final = 0.5
"""Of silence before the user speaks, from which the detector learns how quiet the room is."""

QUESTION: Final = "PIPIT_QUESTION"
"""The variable that names a file of speech, 16 kHz S16_LE mono without a header."""


async def written_turn(client: Open) -> str:
    async with client(Wanted()) as talk:
        await talk.write("hello")
        reply = await talk.replies.next()
    same("the reply's transcript", reply.said, "Hello from Pipit.")
    return sound_of(reply, 0.5)


async def two_turns(client: Open) -> str:
    async with client(Wanted()) as talk:
        await talk.write("hello")
        first = await talk.replies.next()
        await talk.write("and again")
        second = await talk.replies.next()
    same("the replies", [first.said, second.said], ["Hello from Pipit.", "Hello again."])
    return "both answered, in order"


async def spoken_turn_manual(client: Open) -> str:
    """Twice, so that a turn which is taken for two is found out."""
    async with client(Wanted(manual=True)) as talk:
        await talk.speak(tone())
        first = await talk.replies.next()
        await talk.speak(tone())
        second = await talk.replies.next()
    same("the replies", [first.said.strip(), second.said.strip()], ["It is noon.", "It is one."])
    return f"twice {sound_of(first, 0.5)}"


async def spoken_turn_automatic(client: Open) -> str:
    async with client(Wanted()) as talk:
        await talk.speak(tone())
        reply = await talk.replies.next()
    return sound_of(reply, 1.0)


async def transcripts(client: Open) -> str:
    async with client(Wanted()) as talk:
        await talk.speak(tone())
        reply = await talk.replies.next()
    same("the user's transcript", reply.heard.split(), ["What", "time", "is", "it?"])
    same("the reply's transcript", reply.said.split(), ["It", "is", "half", "past", "noon."])
    return f"{reply.heard.strip()} / {reply.said.strip()}"


async def tool_round(client: Open) -> str:
    return await _tool_round(client, Wanted(tool=True))


async def tool_round_2_5(client: Open) -> str:
    return await _tool_round(client, Wanted(tool=True, model="gemini-2.5-flash-native-audio-latest"))


async def _tool_round(client: Open, wanted: Wanted) -> str:
    """The scenario ends the connection unless the tool's answer arrives as it was given."""
    async with client(wanted) as talk:
        await talk.write("turn on the kitchen lamp")
        said = ""
        while "on" not in said.split():
            said = (await talk.replies.next()).said.rstrip(".")
        calls = list(talk.replies.calls)
    same("the calls of set_lamp", calls, [LAMP])
    same("the reply's transcript", said, "The lamp is on")
    return "called, answered, and the answer spoken of"


async def interruption(client: Open) -> str:
    async with client(Wanted()) as talk:
        await talk.write("tell me a story")
        await talk.replies.sounding.wait()
        await talk.speak(tone())
        story, answer = await talk.replies.next(), await talk.replies.next()
    assert story.interrupted, f"the client does not say that the story was interrupted: {story}"
    same("what was said after it", answer.said, "I stopped.")
    seconds = len(story.sound) / REPLY_BYTES_PER_S
    assert seconds < 10, f"{seconds} s of sound are the whole story"
    return f"stopped after {seconds:.1f} s of 10 s"


async def resumption(client: Open) -> str:
    """The second turn has no answer but goAway. The runner looks in the server's log for the handle."""
    async with client(Wanted(resume=True)) as talk:
        await talk.write("hello")
        same("the first reply", (await talk.replies.next()).said, "Hello from Pipit.")
        await talk.write("are you there?")
        await talk.reconnected()
        await _welcomed_back(talk)
    return "goAway, a second connection with the handle, the next turn"


async def lost_connection(client: Open) -> str:
    """The connection is cut as the user begins to speak. The runner looks in the server's log for the handle."""
    async with client(Wanted(resume=True)) as talk:
        await talk.write("hello")
        same("the first reply", (await talk.replies.next()).said, "Hello from Pipit.")
        await talk.speak(silence(ROOM_S))
        await talk.reconnected()
        await _welcomed_back(talk)
    return "cut off, a second connection with the handle, the next turn"


async def _welcomed_back(talk: Talk) -> None:
    await talk.write("and now?")
    while "Welcome back." not in (await talk.replies.next()).said:
        pass


async def local_brain(client: Open) -> str:
    """The server recognises the speech, answers, and speaks."""
    question = await asyncio.to_thread(Path(os.environ[QUESTION]).read_bytes)
    async with client(Wanted()) as talk:
        await talk.speak(silence(ROOM_S) + question + silence(SILENCE_S))
        reply = await talk.replies.next()
    assert "what time is it" in reply.heard.lower(), f"the server heard {reply.heard!r}"
    assert re.search(r"It is \d\d:\d\d\.", reply.said), f"the server said {reply.said!r}"
    assert len(reply.sound) > REPLY_BYTES_PER_S / 2, f"{len(reply.sound)} bytes of sound"
    return f"{reply.heard.strip()} / {reply.said.strip()}"


CASES: Final[dict[str, Callable[[Open], Coroutine[None, None, str]]]] = {
    case.__name__: case
    for case in (
        written_turn,
        two_turns,
        spoken_turn_manual,
        spoken_turn_automatic,
        transcripts,
        tool_round,
        tool_round_2_5,
        interruption,
        resumption,
        lost_connection,
        local_brain,
    )
}


def perform(client: Open, name: str) -> None:
    """Run the case of that name, and print what it saw: what a driver program does."""
    print(f"saw: {asyncio.run(CASES[name](client))}", flush=True)


def tone() -> bytes:
    """A second of something that a detector takes for speech, between silences; 16 kHz S16_LE mono."""
    samples = (round(9_000 * math.sin(2 * math.pi * 300 * n / RATE_HZ)) for n in range(round(SPEECH_S * RATE_HZ)))
    return silence(ROOM_S) + array.array("h", samples).tobytes() + silence(SILENCE_S)


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE_HZ) * 2)


def same(what: str, got: object, wanted: object) -> None:
    """Raises AssertionError with both if they differ."""
    assert got == wanted, f"{what}: {got!r} instead of {wanted!r}"


def sound_of(reply: Reply, seconds: float) -> str:
    """The scenario's sound, to the sample."""
    same("bytes of sound", len(reply.sound), round(seconds * REPLY_BYTES_PER_S))
    assert any(reply.sound), "the sound is silence"
    return f"{seconds:g} s of sound, to the sample"
