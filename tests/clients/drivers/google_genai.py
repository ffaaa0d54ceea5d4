"""google-genai: `client.aio.live`, in the environment that Pipit itself runs in."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from google import genai
from google.genai import types
from google.genai.live import AsyncSession

from tests.clients.cases import perform
from tests.clients.talking import RATE_HZ, Replies, Wanted, blocks


class GenaiTalk:
    """A session, and the task that receives its messages."""

    def __init__(self, session: AsyncSession, replies: Replies, wanted: Wanted) -> None:
        self.replies = replies
        self._session = session
        self._manual = wanted.manual

    async def write(self, text: str) -> None:
        await self._session.send_client_content(turns=types.UserContent(text))

    async def speak(self, sound: bytes) -> None:
        if self._manual:
            await self._session.send_realtime_input(activity_start=types.ActivityStart())
        async for block in blocks(sound):
            await self._session.send_realtime_input(audio=types.Blob(data=block, mime_type=f"audio/pcm;rate={RATE_HZ}"))
        if self._manual:
            await self._session.send_realtime_input(activity_end=types.ActivityEnd())

    async def reconnected(self) -> None:
        raise NotImplementedError("the SDK leaves it to the program")

    async def read(self) -> None:
        while True:
            async for message in self._session.receive():
                for call in (message.tool_call and message.tool_call.function_calls) or ():
                    await self._answer(call)
                if message.server_content:
                    self._take(message.server_content)

    async def _answer(self, call: types.FunctionCall) -> None:
        answer = self.replies.set_lamp(**call.args)
        response = types.FunctionResponse(id=call.id, name=call.name, response=answer)
        await self._session.send_tool_response(function_responses=response)

    def _take(self, content: types.LiveServerContent) -> None:
        now = self.replies.now
        for part in (content.model_turn and content.model_turn.parts) or ():
            if part.inline_data:
                self.replies.play(part.inline_data.data)
        if content.input_transcription:
            now.heard += content.input_transcription.text
        if content.output_transcription:
            now.said += content.output_transcription.text
        if content.interrupted:
            now.interrupted = True
        if content.turn_complete:
            self.replies.complete()


@asynccontextmanager
async def session(wanted: Wanted) -> AsyncIterator[GenaiTalk]:
    replies = Replies()
    config = types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        input_audio_transcription=types.AudioTranscriptionConfig(),
        output_audio_transcription=types.AudioTranscriptionConfig(),
        realtime_input_config=types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(disabled=wanted.manual)
        ),
        tools=[replies.set_lamp] if wanted.tool else [],
    )
    async with genai.Client().aio.live.connect(model=wanted.model, config=config) as opened:
        talk = GenaiTalk(opened, replies, wanted)
        async with replies.fed_by(talk.read()):
            yield talk


if __name__ == "__main__":
    perform(session, sys.argv[1])
