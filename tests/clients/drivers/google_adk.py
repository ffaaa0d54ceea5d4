"""google-adk: `Runner.run_live` with a `LiveRequestQueue`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from google.adk.agents import LiveRequestQueue, LlmAgent
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.events import Event
from google.adk.runners import InMemoryRunner
from google.genai import types

from tests.clients.cases import perform
from tests.clients.talking import RATE_HZ, Replies, Wanted, blocks

APP = "pipit"

RECONNECTED_S = 4.0
"""The run connects anew at the scenario's goAway, which comes at once, and says nothing of it."""


class AdkTalk:
    """A queue of requests, and the events of a run."""

    def __init__(self, replies: Replies, wanted: Wanted) -> None:
        self.replies = replies
        self._manual = wanted.manual
        self._requests = LiveRequestQueue()

    async def write(self, text: str) -> None:
        self._requests.send_content(types.Content(role="user", parts=[types.Part(text=text)]))

    async def speak(self, sound: bytes) -> None:
        if self._manual:
            self._requests.send_activity_start()
        async for block in blocks(sound):
            self._requests.send_realtime(types.Blob(data=block, mime_type=f"audio/pcm;rate={RATE_HZ}"))
        if self._manual:
            self._requests.send_activity_end()

    async def reconnected(self) -> None:
        await asyncio.sleep(RECONNECTED_S)

    async def read(self, runner: InMemoryRunner, config: RunConfig) -> None:
        session = await runner.session_service.create_session(app_name=APP, user_id="anyone")
        run = runner.run_live(
            user_id="anyone", session_id=session.id, live_request_queue=self._requests, run_config=config
        )
        async with aclosing(run) as events:
            async for event in events:
                self._take(event)

    def _take(self, event: Event) -> None:
        now = self.replies.now
        if event.output_transcription and event.partial:
            now.said += event.output_transcription.text
        if event.input_transcription and not event.partial:
            now.heard = event.input_transcription.text
        for part in (event.content and event.content.parts) or ():
            if part.inline_data:
                self.replies.play(part.inline_data.data)
        if event.interrupted:
            now.interrupted = True
        if event.turn_complete:
            self.replies.complete()


@asynccontextmanager
async def session(wanted: Wanted) -> AsyncIterator[AdkTalk]:
    talk = AdkTalk(Replies(), wanted)
    agent = LlmAgent(name=APP, model=wanted.model, tools=[talk.replies.set_lamp] if wanted.tool else [])
    config = RunConfig(streaming_mode=StreamingMode.BIDI, response_modalities=["AUDIO"])
    if wanted.manual:
        config.realtime_input_config = types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(disabled=True)
        )
    if wanted.resume:
        config.session_resumption = types.SessionResumptionConfig()
    async with talk.replies.fed_by(talk.read(InMemoryRunner(agent, app_name=APP), config)):
        yield talk


if __name__ == "__main__":
    perform(session, sys.argv[1])
