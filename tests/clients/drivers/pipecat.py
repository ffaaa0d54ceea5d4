"""pipecat-ai: `GeminiLiveLLMService` in a pipeline, with its context aggregators."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import environ

from pipecat.adapters.schemas.direct_function import DirectFunction
from pipecat.adapters.schemas.tools_schema import ToolsSchema
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InputTextRawFrame,
    InterruptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSTextFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.google.gemini_live.llm import GeminiLiveLLMService, GeminiVADParams
from pipecat.services.llm_service import FunctionCallParams
from pipecat.turns.user_turn_strategies import ExternalUserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from tests.clients.cases import perform
from tests.clients.talking import RATE_HZ, Replies, Wanted, blocks

CONNECTED_S = 2.0
"""Sound is dropped until the service is connected, and it does not say when it is."""

RECONNECTED_S = 4.0
"""The scenario's goAway is of one second, and the service says nothing of a second connection."""


class Ear(FrameProcessor):
    """Stands where the loudspeaker is, and hears what the service says."""

    def __init__(self, replies: Replies) -> None:
        super().__init__()
        self._replies = replies

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case TTSAudioRawFrame():
                self._replies.play(frame.audio)
            case TTSTextFrame():
                self._replies.now.said += frame.text
            case InterruptionFrame():
                self._replies.now.interrupted = True
            case LLMFullResponseEndFrame():
                self._replies.complete()
        await self.push_frame(frame, direction)


class Scribe(FrameProcessor):
    """Stands where the microphone is: the service sends transcripts of the user upstream."""

    def __init__(self, replies: Replies) -> None:
        super().__init__()
        self._replies = replies

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self._replies.now.heard += frame.text
        await self.push_frame(frame, direction)


class PipecatTalk:
    """A pipeline that runs."""

    def __init__(self, replies: Replies, wanted: Wanted) -> None:
        self.replies = replies
        self._wanted = wanted
        self._context = LLMContext()
        self._begun = False
        service = GeminiLiveLLMService(
            api_key=environ["GOOGLE_API_KEY"],
            settings=GeminiLiveLLMService.Settings(model=wanted.model, vad=GeminiVADParams(disabled=wanted.manual)),
            tools=ToolsSchema(standard_tools=[self._set_lamp_tool()]) if wanted.tool else None,
        )
        params = LLMUserAggregatorParams(user_turn_strategies=ExternalUserTurnStrategies())
        aggregators = LLMContextAggregatorPair(self._context, user_params=params, realtime_service_mode=True)
        stages = [aggregators.user(), Scribe(replies), service, Ear(replies), aggregators.assistant()]
        self.worker = PipelineWorker(
            Pipeline(stages), params=PipelineParams(audio_in_sample_rate=RATE_HZ), cancel_on_idle_timeout=False
        )

    async def write(self, text: str) -> None:
        """The first text begins the conversation; later ones are realtime input."""
        if self._begun:
            await self.worker.queue_frame(InputTextRawFrame(text=text))
            return
        self._context.add_message({"role": "user", "content": text})
        await self._begin()

    async def speak(self, sound: bytes) -> None:
        if not self._begun:
            await self._begin()
            await asyncio.sleep(CONNECTED_S)
        if self._wanted.manual:
            await self.worker.queue_frame(UserStartedSpeakingFrame())
        async for block in blocks(sound):
            await self.worker.queue_frame(InputAudioRawFrame(audio=block, sample_rate=RATE_HZ, num_channels=1))
        if self._wanted.manual:
            await self.worker.queue_frame(UserStoppedSpeakingFrame())

    async def reconnected(self) -> None:
        await asyncio.sleep(RECONNECTED_S)

    async def read(self) -> None:
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self.worker)
        await runner.run()

    async def _begin(self) -> None:
        self._begun = True
        await self.worker.queue_frame(LLMContextFrame(self._context))

    def _set_lamp_tool(self) -> DirectFunction:
        async def set_lamp(params: FunctionCallParams, room: str, on: bool) -> None:
            """Switch the lamp of a room.

            Args:
                room: Where the lamp is.
                on: Whether it shall burn.
            """
            await params.result_callback(self.replies.set_lamp(room, on))

        return set_lamp


@asynccontextmanager
async def session(wanted: Wanted) -> AsyncIterator[PipecatTalk]:
    talk = PipecatTalk(Replies(), wanted)
    async with talk.replies.fed_by(talk.read()):
        yield talk
        await talk.worker.cancel()


if __name__ == "__main__":
    perform(session, sys.argv[1])
