"""A Live script as the service's cookbook has it, written anew, with a sound card that is none.

`python -m tests.benchmarks.peers.client_cookbook URL SOUND`: four tasks, two queues. All that the microphone hears
is sent as it comes, the service finds out who speaks, and what it says is played. google-genai is that of Pipit.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from google import genai
from google.genai import types

from tests.benchmarks.peers.sound_card import Microphone, Speaker

CHUNK, SEND_HZ, RECEIVE_HZ = 1024, 16_000, 24_000


async def listen(microphone: Microphone, out: asyncio.Queue[bytes]) -> None:
    while True:
        await out.put(await asyncio.to_thread(microphone.read, CHUNK))


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


async def play(speaker: Speaker, heard: asyncio.Queue[bytes]) -> None:
    while True:
        await asyncio.to_thread(speaker.write, await heard.get())


async def main(url: str, sound: bytes) -> None:
    client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=url))
    out: asyncio.Queue[bytes] = asyncio.Queue(maxsize=5)
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    config = types.LiveConnectConfig(response_modalities=[types.Modality.AUDIO])
    async with client.aio.live.connect(model="gemini-3.8-live", config=config) as session, asyncio.TaskGroup() as group:
        group.create_task(listen(Microphone(sound, SEND_HZ), out))
        group.create_task(send(session, out))
        group.create_task(receive(session, heard))
        group.create_task(play(Speaker(RECEIVE_HZ), heard))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).read_bytes()))
