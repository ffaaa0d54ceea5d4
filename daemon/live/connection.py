"""One WebSocket to the service by way of the SDK: opened with a deadline, every send with one.

Importing this module imports google.genai, which takes seconds on a small Pi; `session.preload` does it in a thread.
"""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Final
from urllib.parse import urlsplit

from google.genai import Client, errors, types
from google.genai.live import AsyncSession

from daemon.conversation.tool_call import Scheduling, ToolCall
from daemon.errors import PipitError
from daemon.live.checked import Checker
from daemon.live.failures import EXPECTED, ProtocolFault, SetupRefused, is_message
from daemon.live.options import GOOGLE, LiveOptions, Remark
from daemon.live.probe import looked_up
from daemon.live.profiles import profile_of, waits_for_tools
from daemon.live.proxies import is_loopback, proxy_to, reached
from daemon.live.setup import client_of, connect_config, history_turns
from daemon.live.unacknowledged import Unacknowledged

log = logging.getLogger(__name__)

AUDIO_TYPE: Final = "audio/pcm;rate=16000"
FRAME_TYPE: Final = "image/jpeg"
UNREADABLE_LIMIT: Final = 16
"""So many messages in a row that cannot be read end a session."""

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
    """An open session. Sends raise TimeoutError, OSError, ProtocolFault or websockets' ConnectionClosed; reads the
    SDK's APIError as well.
    """

    def __init__(self, live: AsyncSession, options: LiveOptions, acknowledged: Unacknowledged | None = None) -> None:
        self.checker = Checker(log)
        """What of the session's messages could not be read."""
        self._live = live
        self._acknowledged = acknowledged or Unacknowledged(0)
        self._send_timeout_s = options.send_timeout_s
        profile = profile_of(options.live.model)
        self._text_as = profile.text_as
        self._history_is_announced = profile.takes_history == "setup"
        self._schedules = profile.schedules and not waits_for_tools(options.live.model, options.live.tools.waiting)
        self._scheduling = options.live.tools.scheduling
        self._silent_about = options.showing if profile.lets_talk_on and profile.schedules else frozenset()
        self._automatic = options.live.turns.automatic

    async def messages(self) -> AsyncIterator[types.LiveServerMessage]:
        """Every message until the connection ends, by raising.

        The SDK's own iterator stops at each turnComplete, and breaks on a message with no field it knows, on JSON that
        is too deep, on no JSON at all. Such a message is skipped: a service that has learned a new word has not become
        useless. Raises ProtocolFault after `UNREADABLE_LIMIT` of them in a row.
        """
        _keep_quiet()
        in_a_row = 0
        while in_a_row < UNREADABLE_LIMIT:
            try:
                while True:
                    async for message in self._live.receive():
                        in_a_row = 0
                        self._heard(message)
                        yield message
            except EXPECTED as error:
                if not is_message(error):
                    raise
                self.checker.note("a message")
            except Exception as error:  # noqa: BLE001 - the SDK lets through what JSON, pydantic or its own code raises
                self.checker.note(f"a message ({type(error).__name__})")  # its content may be private
            in_a_row += 1
        raise ProtocolFault(
            f"the SDK could not read {UNREADABLE_LIMIT} messages of the service in a row",
            fix="check [live] endpoint and api_version, or upgrade google-genai",
        )

    def _heard(self, message: types.LiveServerMessage) -> None:
        if message.server_content or message.tool_call:
            self._acknowledged.rest()

    async def start_activity(self) -> None:
        """Speech follows; a service that finds speech by itself is told nothing."""
        self._acknowledged.watch()
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

    @property
    def silent(self) -> bool:
        """Whether nothing of the speech that was sent is acknowledged at present."""
        return self._acknowledged.silent

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
        await self._respond([self._response(call, response, wanted, more=more)])

    async def refuse(self, refusals: Sequence[tuple[ToolCall, str]]) -> None:
        """Answer calls that were not run, each with the reason."""
        await self._respond([self._response(call, {"error": reason}) for call, reason in refusals])

    @staticmethod
    def _response(
        call: ToolCall, response: Mapping[str, Any], scheduling: str = "", *, more: bool = False
    ) -> types.FunctionResponse:
        return types.FunctionResponse(
            id=call.id,
            name=call.name,
            response=dict(response),
            scheduling=types.FunctionResponseScheduling(scheduling.upper()) if scheduling else None,
            will_continue=True if more else None,
        )

    async def _respond(self, responses: list[types.FunctionResponse]) -> None:
        await self._send(self._live.send_tool_response(function_responses=responses))

    async def _send(self, message: Coroutine[Any, Any, None]) -> None:
        async with asyncio.timeout(self._send_timeout_s):
            with _explained(ProtocolFault("the SDK cannot send a message", fix="upgrade google-genai, and report it")):
                await message


@contextmanager
def _explained(fault: PipitError) -> Iterator[None]:
    """Raise `fault` for anything that is not expected: what the SDK's errors say may be private, or hold a key."""
    try:
        yield
    except EXPECTED:
        raise
    except Exception as error:  # noqa: BLE001 - the SDK lets through what the libraries below it raise
        fault.message += f" ({type(error).__name__})"
        raise fault from None


@asynccontextmanager
async def connected(options: LiveOptions) -> AsyncIterator[Connection]:
    """A session past `setupComplete`; closed within `close_timeout_s`, whatever the peer does.

    Raises what `failures.explain` explains.
    """
    with _explained(SetupRefused("the session cannot be prepared", fix="compare [live] with the documentation")):
        acknowledged = Unacknowledged(options.dead_after_ms)
        client, config = await asyncio.to_thread(_prepare, options, acknowledged)
        await _look_up(options)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_close, client)
        with reached(options.live.endpoint or GOOGLE), _explained(_strange(options)):
            async with asyncio.timeout(options.live.connect_timeout_s):
                live = await stack.enter_async_context(client.aio.live.connect(model=options.live.model, config=config))
        if live.setup_complete is None:
            raise _strange(options)
        connection = Connection(live, options, acknowledged)
        if not options.handle:
            await connection.tell_history(options.history)
        yield connection


def _prepare(options: LiveOptions, acknowledged: Unacknowledged) -> tuple[Client, types.LiveConnectConfig]:
    _keep_quiet()
    return client_of(options, acknowledged), connect_config(options)


async def _look_up(options: LiveOptions) -> None:
    """A name that cannot be looked up soon is told as that. Raises OSError."""
    endpoint = options.live.endpoint or GOOGLE
    if options.dead_after_ms and not is_loopback(endpoint) and not proxy_to(endpoint):
        place = urlsplit(endpoint)
        await looked_up(place.hostname or "", place.port or 443)


async def _close(client: Client) -> None:
    with suppress(Exception):  # its HTTP clients were never used
        await client.aio.aclose()


def _keep_quiet() -> None:
    """The SDK warns of words of the service that it does not know, and so writes them into the journal."""
    warnings.filterwarnings("ignore", "The SDK's ephemeral token support is exp", category=errors.ExperimentalWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"google\.genai\._common")


def _strange(options: LiveOptions) -> SetupRefused:
    return SetupRefused(
        f"{options.live.endpoint or 'the service'} did not answer the setup of a Live session",
        fix="check [live] endpoint and api_version",
    )
