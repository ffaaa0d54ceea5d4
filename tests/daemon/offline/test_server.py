"""Sockets, TLS and handshakes; and the unmodified google-genai SDK as a client."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google import genai
from google.genai import errors, types
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.errors import PortInUse
from daemon.offline.rehearsal.scenario import Call, Say, Scenario, Step, WhenAnswered
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import AbortSocket, CloseSocket, CutSound, EndUtterance, SocketEnd, Stall
from daemon.offline.service.server_options import Limits, ServerOptions
from daemon.offline.wire.access import Admission
from daemon.offline.wire.client_messages import ClientContent
from daemon.web.http11 import Request
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import DEADLINE_S, PATH, connected

NOBODY = "Method doesn't allow unregistered callers (callers without established identity)."
SOUND = (np.arange(24_000) % 997).astype(np.int16)


class Lamplighter:
    """Switches the lamp if it can, and says so."""

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        yield Heard(f"{len(turn.audio)} samples{turn.text}")
        if turn.functions:
            answer = await call_tool(turn.functions[0].name, {"device_name": "lamp"})
            yield Spoken(f"The lamp is {answer['state_name']}.", SOUND)
        else:
            yield Spoken("No lamp.", SOUND[:2_400])


def client_of(server: LiveServer, key: str = "k", api_version: str = "v1beta", **given: Any) -> genai.Client:
    """The SDK with all its defaults but for the authority, and for what is `given` to websockets."""
    options = {"ssl": ssl.create_default_context(cafile=server.ca_file), "proxy": None, "max_queue": None} | given
    return genai.Client(
        api_key=key,
        http_options=types.HttpOptions(base_url=server.url, api_version=api_version, async_client_args=options),
    )


def issued(server: LiveServer, key: str) -> str:
    """The name of a token that the server issues for `key`."""
    answer = server.tokens.answer(Request("POST", f"/v1alpha/auth_tokens?key={key}", {}, b"{}"), Admission({key}))
    assert answer is not None
    return str(answer.body["name"])


class TestHandshake:
    @pytest.mark.parametrize(
        ("target", "headers"),
        [
            (PATH + "?key=right", {}),
            ("/" + PATH + "Constrained?access_token=right", {}),
            ("/prefix" + PATH, {"x-goog-api-key": "right"}),
            (PATH, {"Authorization": "Token right"}),
        ],
    )
    async def test_ways_in(self, serve: Serve, target: str, headers: dict[str, str]) -> None:
        async with serve(Lamplighter(), keys={"right"}) as server, connected(server, target, headers) as client:
            await client.set_up()

    async def test_another_path_is_not_found(self, serve: Serve) -> None:
        async with serve(Lamplighter()) as server:
            with pytest.raises(InvalidStatus) as refusal:
                async with connected(server, "/v1/chat"):
                    pass
        assert refusal.value.response.status_code == 404
        assert not server.sessions

    @pytest.mark.parametrize(
        ("target", "code", "reason"),
        [
            (PATH + "?key=wrong", 1007, "API key not valid. Please pass a valid API key."),
            (PATH, 1008, f"{NOBODY} Please use API Key or other form of API c"),
        ],
    )
    async def test_keys_that_are_refused(self, serve: Serve, target: str, code: int, reason: str) -> None:
        async with serve(Lamplighter(), keys={"right"}) as server, connected(server, target) as client:
            await client.send({"setup": {"model": "m"}})
            assert await client.closed() == (code, reason)

    async def test_an_unknown_model(self, serve: Serve) -> None:
        async with serve(Lamplighter(), models={"gemini-3.8-live"}) as server, connected(server) as client:
            await client.send({"setup": {"model": "models/gemini-9"}})
            code, reason = await client.closed()
        assert code == 1008
        assert reason.startswith("models/gemini-9 is not found for API version v1beta, or is not supported for bidi")
        assert len(reason.encode()) == 123

    async def test_large_messages_are_taken(self, serve: Serve) -> None:
        sound = np.zeros(1_600_000, np.int16)
        async with serve(Lamplighter()) as server, connected(server) as client:
            await client.set_up()
            await client.say(sound)
            await client.until()
        assert len(server.sessions[0].windows[0].samples) == len(sound)

    async def test_pings_are_answered(self, serve: Serve) -> None:
        async with serve(Lamplighter()) as server, connected(server) as client, asyncio.timeout(DEADLINE_S):
            await (await client.socket.ping())


class TestListening:
    async def test_a_port_in_use(self, serve: Serve, tmp_path: Path) -> None:
        async with serve(Lamplighter()) as server:
            with pytest.raises(PortInUse, match=f"port {server.port} on 127.0.0.1 is in use. Fix: stop"):
                async with LiveServer(Lamplighter(), certificate_dir=tmp_path, port=server.port):
                    pass

    async def test_a_second_port_in_use_frees_the_first(self, serve: Serve, tmp_path: Path) -> None:
        async with serve(Lamplighter()) as server:
            second = LiveServer(Lamplighter(), certificate_dir=tmp_path, plain_port=server.plain_port)
            with pytest.raises(PortInUse):
                await second.__aenter__()
            async with LiveServer(Lamplighter(), certificate_dir=tmp_path, port=second.port):
                pass

    async def test_the_end_of_the_server_ends_its_sessions(self, serve: Serve) -> None:
        async with serve(Lamplighter()) as server:
            client_context = connected(server)
            client = await client_context.__aenter__()
            await client.set_up()
        assert (await client.closed())[0] == 1001
        assert server.sessions[0].close_code == 1001
        await client_context.__aexit__(None, None, None)

    async def test_ipv6(self, serve: Serve) -> None:
        async with serve(Lamplighter(), host="::1") as server, connected(server) as client:
            await client.set_up()
            assert server.url == f"https://[::1]:{server.port}"

    async def test_without_recording_nothing_is_kept_but_the_connection(self, certificate_dir: Path) -> None:
        async with LiveServer(Lamplighter(), certificate_dir=certificate_dir, plain_port=0) as server:
            async with connected(server) as client:
                await client.set_up()
                await client.write("hi")
                await client.until()
            [record] = server.sessions
            await record.until(lambda session: not session.open)
        assert (record.received, record.sent, record.close_code) == ([], [], 1000)

    async def test_frames_are_binary(self, serve: Serve) -> None:
        async with serve(Lamplighter()) as server:
            context = ssl.create_default_context(cafile=server.ca_file)
            url = server.url.replace("https", "wss") + PATH + "?key=k"
            async with connect(url, ssl=context, proxy=None) as socket, asyncio.timeout(DEADLINE_S):
                await socket.send(b'{"setup": {"model": "m"}}')
                assert await socket.recv() == b'{\n  "setupComplete": {}\n}\n'


NAN = '{"toolResponse": {"functionResponses": [{"id": "1", "name": "f", "response": {"level": NaN}}]}}'
DEEP = '{"setup": {"model": "m", "labels": ' + '{"a": ' * 900 + "0" + "}" * 902


class TestMalformed:
    """The connection ends as the service ends it (1007), nothing is logged as a failure, and the server goes on."""

    @pytest.mark.parametrize(
        "frame",
        [
            pytest.param('{"setup": {"model": "m", "generationConfig": {"temperature": NaN}}}', id="setup"),
            pytest.param('{"setup": {"model": "m", "model": "n"}}', id="duplicate"),
            pytest.param('{"setup": {"model": "m", "labels": {"\\ud800": 1}}}', id="surrogate"),
            pytest.param('{"setup": {"model": "m", "generationConfig": {"seed": 1e400}}}', id="huge"),
            pytest.param(DEEP, id="deep"),
            pytest.param("[1, 2]", id="list"),
            pytest.param(b'{"setup": {"model": "\xff"}}', id="binary"),
        ],
    )
    async def test_first_messages(self, serve: Serve, caplog: pytest.LogCaptureFixture, frame: str | bytes) -> None:
        async with serve(Lamplighter()) as server:
            async with connected(server) as client:
                await client.socket.send(frame)
                assert (await client.closed())[0] == 1007
            async with connected(server) as client:
                await client.set_up()
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    @pytest.mark.parametrize(
        "frame",
        [
            pytest.param(NAN, id="tool response"),
            pytest.param('{"clientContent": {"turns": [{"parts": [{"text": NaN}]}]}}', id="content"),
            pytest.param('{"realtimeInput": {"audio": {"data": Infinity}}}', id="realtime"),
            pytest.param('{"contextUpdate": {"tools": -Infinity}}', id="update"),
        ],
    )
    async def test_later_ones(self, serve: Serve, caplog: pytest.LogCaptureFixture, frame: str) -> None:
        async with serve(Lamplighter()) as server, connected(server) as client:
            await client.set_up()
            await client.socket.send(frame)
            code, reason = await client.closed()
        assert (code, reason[:35]) == (1007, "Invalid JSON payload received. Unex")
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    async def test_a_text_frame_that_is_no_text(self, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
        async with serve(Lamplighter()) as server, connected(server) as client:
            await client.set_up()
            await client.socket.send(b'{"realtimeInput": {"text": "\xff"}}', text=True)
            assert (await client.closed())[0] == 1007
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


CONFIG: dict[str, Any] = {
    "response_modalities": ["AUDIO"],
    "input_audio_transcription": {},
    "output_audio_transcription": {},
    "realtime_input_config": {"automatic_activity_detection": {"disabled": True}},
    "tools": [{"function_declarations": [{"name": "set_device", "parameters": {"type": "OBJECT"}}]}],
}


class TestUnmodifiedSdk:
    async def test_a_spoken_turn_with_a_tool_call(self, serve: Serve) -> None:
        said = (np.arange(8_000) % 300).astype(np.int16)
        heard, spoken, sound = "", "", b""
        async with serve(Lamplighter()) as server, asyncio.timeout(DEADLINE_S):
            async with client_of(server).aio.live.connect(model="gemini-3.8-live", config=CONFIG) as session:
                await session.send_realtime_input(activity_start=types.ActivityStart())
                for start in range(0, len(said), 320):
                    chunk = said[start : start + 320].tobytes()
                    await session.send_realtime_input(audio=types.Blob(data=chunk, mime_type="audio/pcm;rate=16000"))
                await session.send_realtime_input(activity_end=types.ActivityEnd())
                async for message in session.receive():
                    for call in message.tool_call.function_calls if message.tool_call else []:
                        assert (call.name, call.args) == ("set_device", {"device_name": "lamp"})
                        await session.send_tool_response(
                            function_responses=types.FunctionResponse(
                                id=call.id, name=call.name, response={"state_name": "on"}
                            )
                        )
                    content = message.server_content or types.LiveServerContent()
                    heard += (content.input_transcription and content.input_transcription.text) or ""
                    spoken += (content.output_transcription and content.output_transcription.text) or ""
                    for part in (content.model_turn and content.model_turn.parts) or []:
                        sound += (part.inline_data and part.inline_data.data) or b""
            record = await server.session(1)
            await record.until(lambda closing: not closing.open)
        assert (heard, spoken) == ("8000 samples", "The lamp is on.")
        assert sound == SOUND.tobytes()
        np.testing.assert_array_equal(record.windows[0].samples, said)
        assert record.close_code == 1000

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    @pytest.mark.parametrize(
        ("model", "config", "version"),
        [
            ("gemini-2.0-flash-exp", {"generation_config": {"response_modalities": ["TEXT"]}}, "v1alpha"),
            ("gemini-2.0-flash-exp", {"response_modalities": ["TEXT"]}, "v1"),
            ("models/gemini-2.0-flash-live-001", {"response_modalities": ["TEXT"]}, "v1beta"),
            ("gemini-2.5-flash-live-preview", {"response_modalities": ["TEXT"]}, "v1beta"),
        ],
    )
    async def test_the_first_example_that_google_published(
        self, serve: Serve, model: str, config: dict[str, Any], version: str
    ) -> None:
        """Written turns by the oldest method, and written replies."""
        async with serve(Lamplighter()) as server, asyncio.timeout(DEADLINE_S):
            client = client_of(server, api_version=version)
            async with client.aio.live.connect(model=model, config=config) as session:
                await session.send(input="Hello? Gemini, are you there?", end_of_turn=True)
                messages = [message async for message in session.receive()]
        assert "".join(message.text or "" for message in messages) == "No lamp."
        assert messages[-1].server_content.turn_complete

    async def test_a_refused_key(self, serve: Serve) -> None:
        async with serve(Lamplighter(), keys={"right"}) as server, asyncio.timeout(DEADLINE_S):
            with pytest.raises(errors.APIError, match=r"1007 None\. API key not valid"):
                async with client_of(server, "wrong").aio.live.connect(model="gemini-3.8-live", config=CONFIG):
                    pass

    async def test_a_message_larger_than_it_takes_by_default(self, serve: Serve) -> None:
        """Our own client takes it: `test_serving`."""
        brain = ScriptedBrain(Scenario([[CutSound(20_000), Say("Long.", 20)]]))
        async with (
            serve(brain) as server,
            asyncio.timeout(DEADLINE_S),
            client_of(server).aio.live.connect(model="gemini-3.8-live", config=CONFIG) as session,
        ):
            await session.send_realtime_input(text="hi")
            with pytest.raises(errors.APIError, match="1006"):
                async for _ in session.receive():
                    pass

    async def test_a_reply_goes_on_until_an_extended_thinker_is_idle(self, serve: Serve) -> None:
        steps: list[Step] = [
            Say("Let me see.", 0),
            EndUtterance(),
            Call("set_device", blocking=False),
            WhenAnswered("set_device"),
            Say("Done.", 0),
        ]
        config = CONFIG | {"thinking_config": {"thinking_level": "LOW"}}
        spoken = ""
        async with (
            serve(ScriptedBrain(Scenario([steps]))) as server,
            asyncio.timeout(DEADLINE_S),
            client_of(server).aio.live.connect(model="gemini-3.8-live-extended-thinking", config=config) as session,
        ):
            await session.send_realtime_input(text="Lamp on")
            async for message in session.receive():
                for call in message.tool_call.function_calls if message.tool_call else []:
                    response = types.FunctionResponse(
                        id=call.id,
                        name=call.name,
                        response={"on": True},
                        scheduling=types.FunctionResponseScheduling.WHEN_IDLE,
                    )
                    await session.send_tool_response(function_responses=response)
                content = message.server_content or types.LiveServerContent()
                spoken += (content.output_transcription and content.output_transcription.text) or ""
        assert spoken == "Let me see.Done."

    @pytest.mark.filterwarnings("ignore:The SDK's ephemeral token support")
    async def test_an_ephemeral_token(self, serve: Serve) -> None:
        async with serve(Lamplighter(), keys={"right"}) as server, asyncio.timeout(DEADLINE_S):
            client = client_of(server, issued(server, "right"))
            async with client.aio.live.connect(model="gemini-3.8-live", config=CONFIG) as session:
                await session.send_realtime_input(text="hi")
                assert (await anext(session.receive())).server_content
            assert server.sessions[0].path.endswith("BidiGenerateContentConstrained")

    async def test_an_end_in_the_middle(self, serve: Serve) -> None:
        async with (
            serve(Lamplighter()) as server,
            asyncio.timeout(DEADLINE_S),
            client_of(server).aio.live.connect(model="gemini-3.8-live", config=CONFIG) as session,
        ):
            await server.go_away(0)
            with pytest.raises(errors.APIError, match=r"1011 None\. Deadline expired"):
                async for _ in session.receive():
                    pass
            with pytest.raises(ConnectionClosed):
                await session.send_realtime_input(text="hi")


class TestHangingUp:
    """What tests do to sessions at a moment of their own choice."""

    @pytest.mark.parametrize(
        ("end", "code", "reason"),
        [
            (CloseSocket(1008, "The operation was aborted."), 1008, "The operation was aborted."),
            (AbortSocket(), 1006, ""),
        ],
    )
    async def test_ends_every_open_session(self, serve: Serve, end: SocketEnd, code: int, reason: str) -> None:
        async with serve(Lamplighter()) as server, connected(server) as first, connected(server) as second:
            for client in (first, second):
                await client.set_up()
            await server.hang_up(end)
            assert await first.closed() == await second.closed() == (code, reason)

    async def test_or_has_it_fall_silent(self, serve: Serve) -> None:
        async with serve(Lamplighter()) as server, connected(server) as client:
            await client.set_up()
            await server.hang_up(Stall())
            await client.write("Lamp!")
            session = await server.session()
            await session.until(lambda session: bool(session.messages(ClientContent)))
            assert [item.message for item in session.sent] == [{"setupComplete": {}}]
            assert session.open


class TestCrowds:
    """Connections are counted from the accept on, whatever they say, or do not."""

    async def test_more_than_so_many_are_closed_before_anything_is_said(self, serve: Serve) -> None:
        async with serve(Lamplighter(), connections=3) as server, asyncio.timeout(DEADLINE_S):
            ports = [server.port, server.plain_port, server.port, *[server.port, server.plain_port] * 10]
            peers = [await asyncio.open_connection("127.0.0.1", port) for port in ports]
            for reader, _ in peers[3:]:
                with suppress(ConnectionError):
                    assert await reader.read() == b""
            assert (server.guests.present, server.guests.turned_away) == (3, 20)
            for _, writer in peers:
                writer.transport.abort()
            while server.guests.present:  # noqa: ASYNC110 - a few turns of the loop
                await asyncio.sleep(0)
            async with connected(server) as client:
                await client.set_up()

    async def test_who_never_says_what_it_wants_is_let_go(self, serve: Serve) -> None:
        options = ServerOptions(limits=Limits(connection_s=0.05))
        async with serve(Lamplighter(), options=options) as server, connected(server) as client:
            assert await client.closed() == (1011, "Deadline expired before operation could complete.")


async def test_the_first_frame_is_kept_as_it_came(serve: Serve) -> None:
    async with serve(Lamplighter()) as server, connected(server) as client:
        await client.set_up()
        await client.write("Lamp!")
        await client.until()
        first = (await server.session()).first_frame
        assert next(iter(json.loads(first))) == "setup"
