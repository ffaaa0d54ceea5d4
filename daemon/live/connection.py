"""One WebSocket to the service by way of the SDK: opened with a deadline, every send with one.

Importing this module imports google.genai, which takes seconds on a small Pi; `session.preload` does it in a thread.
"""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from google.genai import Client, errors, types
from google.genai.live import AsyncSession

from daemon.events import Scheduling, ToolCall
from daemon.live.failures import ProtocolFault, SetupRefused
from daemon.live.options import LiveOptions, Remark
from daemon.live.profiles import profile_of, waits_for_tools
from daemon.live.setup import client_of, connect_config, history_turns

log = logging.getLogger(__name__)

AUDIO_TYPE: Final = "audio/pcm;rate=16000"
FRAME_TYPE: Final = "image/jpeg"
UNREADABLE: Final = (TypeError, ValueError, AttributeError)
"""What the SDK's parser raises for messages it was not written for: unknown fields, other JSON, no JSON."""
UNREADABLE_LIMIT: Final = 16

_MODELS: Final = (
    types.LiveServerMessage,
    types.LiveServerSetupComplete,
    types.LiveServerContent,
    types.LiveServerToolCall,
    types.LiveServerToolCallCancellation,
    types.LiveServerGoAway,
    types.LiveServerSessionResumptionUpdate,
    types.UsageMetadata,
    types.FunctionCall,
    types.Content,
    types.Part,
    types.Blob,
    types.Transcription,
    types.LiveConnectParameters,
    types.LiveSendRealtimeInputParameters,
    types.LiveClientContent,
    types.LiveClientToolResponse,
)
"""What a session parses and sends. The SDK builds each on first use: 80 ms on a desktop, in the midst of a sentence."""


def build_models() -> None:
    """Build the SDK's message types now; does nothing the second time."""
    for model in _MODELS:
        model.model_rebuild()


class Connection:
    """An open session. Sends raise TimeoutError, OSError or websockets' ConnectionClosed; reads the SDK's APIError."""

    def __init__(self, live: AsyncSession, options: LiveOptions) -> None:
        self._live = live
        self._send_timeout_s = options.send_timeout_s
        profile = profile_of(options.model)
        self._text_as = profile.text_as
        self._history_is_announced = profile.takes_history == "setup"
        self._schedules = profile.schedules and not waits_for_tools(options.model, options.tool_mode)
        self._scheduling = options.scheduling
        self._silent_about = options.showing if profile.lets_talk_on and profile.schedules else frozenset()
        self._automatic = options.turns.automatic

    async def messages(self) -> AsyncIterator[types.LiveServerMessage]:
        """Every message until the connection ends, by raising.

        The SDK's own iterator stops at each turnComplete, and breaks on a message with no field it knows. Such a
        message is skipped: a service that has learned a new word has not become useless. Raises ProtocolFault after
        `UNREADABLE_LIMIT` of them.
        """
        for _ in range(UNREADABLE_LIMIT):
            try:
                while True:
                    async for message in self._live.receive():
                        yield message
            except UNREADABLE as error:  # its content may be private: the kind has to do
                log.warning("skipped a message that the SDK cannot read (%s)", type(error).__name__)
        raise ProtocolFault(
            f"the SDK could not read {UNREADABLE_LIMIT} messages of the service",
            fix="check [live] endpoint and api_version, or upgrade google-genai",
        )

    async def start_activity(self) -> None:
        """Speech follows; a service that finds speech by itself is told nothing."""
        if not self._automatic:
            await self._send(self._live.send_realtime_input(activity_start=types.ActivityStart()))

    async def end_activity(self) -> None:
        """No more speech follows: it is over, or, for a service that decides that by itself, the stream pauses."""
        if self._automatic:
            await self._send(self._live.send_realtime_input(audio_stream_end=True))
        else:
            await self._send(self._live.send_realtime_input(activity_end=types.ActivityEnd()))

    async def send_audio(self, pcm: bytes) -> None:
        """A piece of speech, S16_LE at 16 kHz."""
        await self._send(self._live.send_realtime_input(audio=types.Blob(data=pcm, mime_type=AUDIO_TYPE)))

    async def send_video(self, jpeg: bytes) -> None:
        """A picture, as a frame of the video that the service may look at."""
        await self._send(self._live.send_realtime_input(video=types.Blob(data=jpeg, mime_type=FRAME_TYPE)))

    async def send_text(self, text: str) -> None:
        """A typed turn, complete, in the form the model's family takes."""
        if self._text_as == "realtime":
            await self._send(self._live.send_realtime_input(text=text))
        else:
            turn = types.Content(role="user", parts=[types.Part(text=text)])
            await self._send(self._live.send_client_content(turns=turn, turn_complete=True))

    async def tell_history(self, history: Sequence[Remark]) -> None:
        """What was said before this session; the model answers nothing to it."""
        if turns := history_turns(history):
            await self._send(self._live.send_client_content(turns=[*turns], turn_complete=self._history_is_announced))

    async def nudge(self) -> None:
        """Ask a model that has fallen silent to go on: a realtime input that says nothing (pipecat #4366)."""
        await self._send(self._live.send_realtime_input(text=" "))

    async def answer(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None:
        """The result of `call`, or a part of it with `more` to come, which only a model that did not wait takes.

        So with `scheduling`; None is that of the options. Of a result that is a picture the model says nothing where
        that can be had: it is about to see it.
        """
        wanted = (scheduling or self._scheduling) if self._schedules else ""
        if call.name in self._silent_about and "error" not in response:
            wanted = "silent"
        answer = types.FunctionResponse(
            id=call.id,
            name=call.name,
            response=dict(response),
            scheduling=types.FunctionResponseScheduling(wanted.upper()) if wanted else None,
            will_continue=True if more else None,
        )
        await self._send(self._live.send_tool_response(function_responses=[answer]))

    async def _send(self, message: Coroutine[Any, Any, None]) -> None:
        async with asyncio.timeout(self._send_timeout_s):
            await message


@asynccontextmanager
async def connected(options: LiveOptions) -> AsyncIterator[Connection]:
    """A session past `setupComplete`; closed within `close_timeout_s`, whatever the peer does.

    Raises what `failures.explain` explains.
    """
    client, config = await asyncio.to_thread(_prepare, options)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.aio.aclose)
        try:
            async with asyncio.timeout(options.connect_timeout_s):
                live = await stack.enter_async_context(client.aio.live.connect(model=options.model, config=config))
        except OSError:  # before the line below: a certificate fault is a ValueError, too
            raise
        except UNREADABLE as error:
            raise _strange(options) from error
        if live.setup_complete is None:
            raise _strange(options)
        connection = Connection(live, options)
        if not options.handle:
            await connection.tell_history(options.history)
        yield connection


def _prepare(options: LiveOptions) -> tuple[Client, types.LiveConnectConfig]:
    warnings.filterwarnings("ignore", "The SDK's ephemeral token support is exp", category=errors.ExperimentalWarning)
    return client_of(options), connect_config(options)


def _strange(options: LiveOptions) -> SetupRefused:
    return SetupRefused(
        f"{options.endpoint or 'the service'} did not answer the setup of a Live session",
        fix="check [live] endpoint and api_version",
    )
