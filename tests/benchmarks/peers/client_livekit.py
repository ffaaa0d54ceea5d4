"""livekit's agent without a room: `AgentSession` between a microphone and a speaker of ours, in its own environment.

`python -m tests.benchmarks.peers.client_livekit URL SOUND`: the realtime model as its examples have it; the service
finds out who speaks.
"""

import asyncio
import os
import sys
from pathlib import Path

from livekit import rtc
from livekit.agents import Agent, AgentSession, utils
from livekit.agents.voice import io
from livekit.plugins import google

from tests.benchmarks.peers.sound_card import Microphone, Speaker

SEND_HZ, RECEIVE_HZ = 16_000, 24_000
FRAMES = SEND_HZ // 50


class Input(io.AudioInput):
    def __init__(self, sound: bytes) -> None:
        super().__init__(label="recording")
        self._microphone = Microphone(sound, SEND_HZ)

    async def __anext__(self) -> rtc.AudioFrame:
        period = await asyncio.to_thread(self._microphone.read, FRAMES)
        return rtc.AudioFrame(period, SEND_HZ, 1, FRAMES)


class Output(io.AudioOutput):
    """Plays what it is given, one frame after the other, and says when a reply is over."""

    def __init__(self) -> None:
        capabilities = io.AudioOutputCapabilities(pause=False)
        super().__init__(label="speaker", capabilities=capabilities, sample_rate=RECEIVE_HZ)
        self._speaker = Speaker(RECEIVE_HZ)
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._played_s = 0.0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self._frames.put_nowait(bytes(frame.data))

    def flush(self) -> None:
        super().flush()
        self._frames.put_nowait(None)

    def clear_buffer(self) -> None:
        while not self._frames.empty():
            self._frames.get_nowait()
        self._finished(interrupted=True)

    async def play(self) -> None:
        while True:
            frame = await self._frames.get()
            if frame is None:
                self._finished(interrupted=False)
                continue
            await asyncio.to_thread(self._speaker.write, frame)
            self._played_s += len(frame) / 2 / RECEIVE_HZ

    def _finished(self, *, interrupted: bool) -> None:
        if self._played_s:
            self.on_playback_finished(playback_position=self._played_s, interrupted=interrupted)
        self._played_s = 0.0


async def main(url: str, sound: bytes) -> None:
    os.environ.update(GOOGLE_API_KEY="any", GOOGLE_GEMINI_BASE_URL=url)
    async with utils.http_context.open():
        session = AgentSession[None](llm=google.realtime.RealtimeModel(model="gemini-3.8-live"))
        output = Output()
        session.input.audio, session.output.audio = Input(sound), output
        async with asyncio.TaskGroup() as group:
            group.create_task(output.play())
            await session.start(Agent(instructions="You are helpful."))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).read_bytes()))
