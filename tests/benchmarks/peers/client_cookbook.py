"""A Live script as the service's cookbook has it, written anew, with a sound card that is none.

`python -m tests.benchmarks.peers.client_cookbook URL SOUND`: four tasks, two queues. All that the microphone hears
is sent as it comes, the service finds out who speaks, and what it says is played. google-genai is that of Pipit.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from google import genai
from google.genai import types

from tests.benchmarks.peers.client_log import note

CHUNK, SEND_HZ, RECEIVE_HZ = 1024, 16_000, 24_000
GAP_S = 0.3
"""After so long without sound the next is a new one."""


class Card:
    """A microphone that plays a recording in real time, and a speaker that takes as long as the sound."""

    def __init__(self, sound: bytes) -> None:
        self._sound, self._at, self._begun_s = sound, 0, 0.0
        self._played_to_s = 0.0

    def read(self) -> bytes:
        if not self._at:
            self._begun_s = time.monotonic()
            note("microphone", self._begun_s)
        self._at += CHUNK
        time.sleep(max(0.0, self._begun_s + self._at / SEND_HZ - time.monotonic()))
        return self._sound[2 * (self._at - CHUNK) : 2 * self._at].ljust(2 * CHUNK, b"\0")

    def write(self, sound: bytes) -> None:
        now_s = time.monotonic()
        if now_s - self._played_to_s > GAP_S:
            note("sound", now_s)
        self._played_to_s = max(self._played_to_s, now_s) + len(sound) / 2 / RECEIVE_HZ
        time.sleep(max(0.0, self._played_to_s - 0.08 - time.monotonic()))


async def listen(card: Card, out: asyncio.Queue[bytes]) -> None:
    while True:
        await out.put(await asyncio.to_thread(card.read))


async def send(session: Any, out: asyncio.Queue[bytes]) -> None:
    while True:
        blob = types.Blob(data=await out.get(), mime_type=f"audio/pcm;rate={SEND_HZ}")
        await session.send_realtime_input(audio=blob)


async def receive(session: Any, heard: asyncio.Queue[bytes]) -> None:
    while True:
        async for response in session.receive():
            if response.data:
                heard.put_nowait(response.data)
        while not heard.empty():  # the turn is over, or was interrupted
            heard.get_nowait()


async def play(card: Card, heard: asyncio.Queue[bytes]) -> None:
    while True:
        await asyncio.to_thread(card.write, await heard.get())


async def main(url: str, sound: bytes) -> None:
    client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=url))
    card = Card(sound)
    out: asyncio.Queue[bytes] = asyncio.Queue(maxsize=5)
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    config = types.LiveConnectConfig(response_modalities=[types.Modality.AUDIO])
    async with client.aio.live.connect(model="gemini-3.8-live", config=config) as session, asyncio.TaskGroup() as group:
        group.create_task(listen(card, out))
        group.create_task(send(session, out))
        group.create_task(receive(session, heard))
        group.create_task(play(card, heard))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).read_bytes()))
