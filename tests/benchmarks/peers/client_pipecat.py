"""pipecat as its examples have it: local sound, Silero and smart-turn for turns, Gemini Live; in its own environment.

`python -m tests.benchmarks.peers.client_pipecat URL SOUND`: the sound card is `sound_card`, in the place of PyAudio.
"""

import asyncio
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.peers.sound_card import Microphone, Speaker


class Stream:
    """What PyAudio calls a stream, with a callback in a thread where one is asked for."""

    def __init__(self, rate: int, frames_per_buffer: int = 1024, stream_callback: Any = None, **kind: Any) -> None:
        self._frames, self._callback = frames_per_buffer, stream_callback
        self._microphone = Microphone(Path(sys.argv[2]).read_bytes(), rate) if kind.get("input") else None
        self._speaker = None if self._microphone else Speaker(rate)

    def start_stream(self) -> None:
        if self._microphone:
            asyncio.get_running_loop().run_in_executor(None, self._hear, self._microphone)

    def _hear(self, microphone: Microphone) -> None:
        while True:
            self._callback(microphone.read(self._frames), self._frames, {}, 0)

    def write(self, sound: bytes) -> None:
        if self._speaker:
            self._speaker.write(sound)


class PyAudio:
    def open(self, format: Any = None, channels: int = 1, **options: Any) -> Stream:  # noqa: A002 - PyAudio's names
        del format, channels
        return Stream(**options)

    def get_format_from_width(self, width: int) -> int:
        return width


def stand_in() -> ModuleType:
    """A module `pyaudio` of these."""
    module = ModuleType("pyaudio")
    module.PyAudio, module.paContinue = PyAudio, 0  # type: ignore[attr-defined]
    return module


async def main(url: str) -> None:
    from google.genai import types
    from loguru import logger
    from pipecat.audio.vad.silero import SileroVADAnalyzer
    from pipecat.frames.frames import LLMContextFrame
    from pipecat.pipeline.pipeline import Pipeline
    from pipecat.pipeline.worker import PipelineParams, PipelineWorker
    from pipecat.processors.aggregators.llm_context import LLMContext
    from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
    from pipecat.services.google.gemini_live.llm import GeminiLiveLLMService, GeminiVADParams
    from pipecat.transports.local.audio import LocalAudioTransport, LocalAudioTransportParams
    from pipecat.workers.runner import WorkerRunner

    logger.remove()  # what it says of each frame is work that a product does not do
    transport = LocalAudioTransport(LocalAudioTransportParams(audio_in_enabled=True, audio_out_enabled=True))
    chosen = GeminiLiveLLMService.Settings(model="gemini-3.8-live", vad=GeminiVADParams(disabled=True))
    service = GeminiLiveLLMService(api_key="any", settings=chosen, http_options=types.HttpOptions(base_url=url))
    context = LLMContext()
    turns = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    sides = LLMContextAggregatorPair(context, user_params=turns, realtime_service_mode=True)
    pipeline = Pipeline([transport.input(), sides.user(), service, transport.output(), sides.assistant()])
    rates = PipelineParams(audio_in_sample_rate=16_000, audio_out_sample_rate=24_000)
    worker = PipelineWorker(pipeline, params=rates, cancel_on_idle_timeout=False)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await worker.queue_frame(LLMContextFrame(context))
    await runner.run()


if __name__ == "__main__":
    sys.modules["pyaudio"] = stand_in()
    asyncio.run(main(sys.argv[1]))
