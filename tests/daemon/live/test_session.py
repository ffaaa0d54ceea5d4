"""Sessions over a real socket, with the unmodified SDK, against a server that behaves."""

import asyncio
import base64
import logging
import subprocess
import sys
from typing import Any

import pytest

from daemon.conversation.events import (
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    SessionLost,
    SessionOpened,
    ToolCancelled,
    ToolRequested,
)
from daemon.conversation.messages import HandleIssued, HandleRefused, ReplyAudio, SessionMessage
from daemon.conversation.tool_call import ToolCall
from daemon.live.options import Remark
from daemon.live.session import CONTROL_LIMIT, LiveSession, preload
from daemon.live.uplink import PIECE_SAMPLES, ActivityStart, Uplink
from daemon.sound.preroll import AudioRing
from daemon.web.certificate import CertificateFiles
from tests.daemon.live.line import PATIENCE_S, Line, attempt, calling, outcome
from tests.daemon.live.peer import Peer, hold, serving
from tests.daemon.live.telling import options_with

PCM = b"\x05\x06" * 100
LOOKING = {"functionCalls": [{"id": "fc_1", "name": "look", "args": {}}]}
LAMP_ON = {"functionCalls": [{"id": "fc_1", "name": "set_device", "args": {"on": True}}]}


async def answer_turns(peer: Peer) -> None:
    """A little sound for every turn."""
    await peer.accept()
    while True:
        await peer.receive_until("activityEnd")
        await peer.say(PCM)
        await peer.content(generationComplete=True)
        await peer.content(turnComplete=True)


class TestSpeech:
    async def test_arrives_bit_exact_however_late_the_session_opens(self, certificate: CertificateFiles) -> None:
        """Promise 2: the window opens long before the session, and closes long after."""
        let_in, heard = asyncio.Event(), asyncio.Event()

        async def script(peer: Peer) -> None:
            await let_in.wait()
            await peer.accept()
            await peer.receive_until("activityEnd")
            heard.set()
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            line.capture(4_000)
            line.uplink.start(1, 1_000)
            line.capture(16_000)
            let_in.set()
            await line.until(SessionOpened)
            for _ in range(50):
                line.capture(320)
                await asyncio.sleep(0)
            line.uplink.end(1, 35_555)
            await heard.wait()
            expected = line.ring.read(1_000, 35_555).tobytes()
        sent = service.peers[0].realtime()
        assert (sent[0], sent[-1]) == ("activityStart", "activityEnd")
        assert all(isinstance(message, bytes) for message in sent[1:-1])
        assert b"".join(m for m in sent if isinstance(m, bytes)) == expected

    async def test_nothing_is_sent_outside_a_window(self, certificate: CertificateFiles) -> None:
        """Promise 1: a message that arrives after all that noise is the first."""
        written = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive()
            written.set()

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(SessionOpened)
            line.capture(32_000)
            line.session.send_text(1, "hello")
            await written.wait()
        assert list(service.peers[0].arrivals[1].message) == ["client_content"]

    async def test_unanswered_turn_is_said_again_to_the_next_session(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            if len(service.peers) == 1:
                peer.socket.transport.abort()
                return
            await peer.say(PCM)
            await hold(peer)

        async with serving(certificate, script) as service:
            line = Line(service.options())
            async with asyncio.timeout(PATIENCE_S):
                spoken = line.say(1, 5_000)
                await line.session.run()
                assert isinstance(line.reports[-1], SessionLost)
                second = LiveSession(service.options(), line.uplink, line._report)
                async with asyncio.TaskGroup() as group:
                    group.create_task(second.run())
                    assert await line.until(ReplyStarted) == ReplyStarted(1)
                    second.close()
        for peer in service.peers:
            assert b"".join(m for m in peer.realtime() if isinstance(m, bytes)) == spoken


class TestReply:
    async def test_of_each_turn_carries_its_number(self, certificate: CertificateFiles) -> None:
        """The SDK's iterator ends at each turnComplete; the session must not."""
        async with serving(certificate, answer_turns) as service, calling(service.options()) as line:
            for turn in (1, 2, 3):
                line.say(turn, 700)
                assert await line.until(ReplyStarted) == ReplyStarted(turn)
                assert await line.until(ReplyAudio) == ReplyAudio(turn, PCM)
                assert await line.until(ReplyComplete) == ReplyComplete(turn)
        assert line.reports[0] == SessionOpened()

    async def test_what_comes_between_turns_is_read(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.content(turnComplete=True)
            await peer.send({"sessionResumptionUpdate": {"newHandle": "h", "resumable": True}})
            await peer.send({"goAway": {"timeLeft": "50s"}})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            assert await line.until(HandleIssued) == HandleIssued("h")
            assert await line.until(SessionEnding) == SessionEnding(50.0)

    async def test_messages_of_the_future_are_skipped(
        self, certificate: CertificateFiles, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"telepathy": {"private": "thought"}})
            await peer.socket.send(b"\xff\xfe not json")
            await peer.send({"error": {"code": 400}})
            await peer.say(PCM)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            assert await line.until(ReplyAudio) == ReplyAudio(0, PCM)
        assert caplog.text.count("skipped a message") == 3
        assert "thought" not in caplog.text

    async def test_a_burst_does_not_close_the_socket(self, certificate: CertificateFiles) -> None:
        """More frames than websockets would queue by itself, while the loop is busy with something else."""

        async def script(peer: Peer) -> None:
            await peer.accept()
            for _ in range(300):
                await peer.say(PCM)
            await peer.content(turnComplete=True)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(ReplyComplete)
        assert line.reports.count(ReplyAudio(0, PCM)) == 300


class TestText:
    @pytest.mark.parametrize(
        ("model", "expected"),
        [
            (
                "gemini-3.8-live",
                {"client_content": {"turns": [{"parts": [{"text": "hi"}], "role": "user"}], "turnComplete": True}},
            ),
            ("gemini-3.1-flash-live-preview", {"realtime_input": {"text": "hi"}}),
        ],
    )
    async def test_is_sent_as_the_family_takes_it(
        self, certificate: CertificateFiles, model: str, expected: dict[str, Any]
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive()
            await peer.say(PCM)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(model=model)) as line:
            line.session.send_text(7, "hi")
            assert await line.until(ReplyStarted) == ReplyStarted(7)
        assert service.peers[0].arrivals[1].message == expected

    def test_beyond_the_queue_is_dropped_and_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        line = Line(options_with(api_key="k"))
        for turn in range(CONTROL_LIMIT + 1):
            line.session.send_text(turn, "hi")
        assert caplog.text.count("dropped a message") == 1


class TestTools:
    CALL = ToolCall("fc_1", "set_device", {"on": True})

    async def test_answer_carries_id_and_name(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LAMP_ON})
            await peer.receive_until("tool_response")
            await peer.content(turnComplete=True)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            assert await line.until(ToolRequested) == ToolRequested(self.CALL)
            line.session.answer_tool(self.CALL, {"state": {"is_on": True}})
            await line.until(ReplyComplete)
        responses = [{"id": "fc_1", "name": "set_device", "response": {"state": {"is_on": True}}}]
        assert service.peers[0].arrivals[1].message == {"tool_response": {"functionResponses": responses}}

    async def test_only_the_first_answer_counts_and_only_to_a_call(
        self, certificate: CertificateFiles, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LAMP_ON})
            await peer.receive_until("client_content")
            await peer.content(turnComplete=True)
            await hold(peer)

        caplog.set_level(logging.INFO)
        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(ToolRequested)
            line.session.answer_tool(ToolCall("fc_9", "unheard_of"), {"n": 0})
            line.session.answer_tool(self.CALL, {"n": 1})
            line.session.answer_tool(self.CALL, {"n": 2})
            line.session.send_text(1, "done")
            await line.until(ReplyComplete)
        answers = [a.message for a in service.peers[0].arrivals if "tool_response" in a.message]
        assert [a["tool_response"]["functionResponses"][0]["response"] for a in answers] == [{"n": 1}]
        assert caplog.text.count("is not wanted any more") == 2

    async def test_cancelled_call_is_not_answered(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LAMP_ON})
            await peer.send({"toolCallCancellation": {"ids": ["fc_1"]}})
            await peer.receive_until("client_content")
            await peer.content(turnComplete=True)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            assert await line.until(ToolCancelled) == ToolCancelled(("fc_1",))
            line.session.answer_tool(self.CALL, {"late": True})
            line.session.send_text(1, "done")
            await line.until(ReplyComplete)
        assert not any("tool_response" in a.message for a in service.peers[0].arrivals)

    async def test_turn_that_acted_is_not_said_again(self, certificate: CertificateFiles) -> None:
        """The lamp was switched; then the connection broke. Said again, it would be switched again."""

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.send({"toolCall": LAMP_ON})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            line.say(1, 700)
            await line.until(ToolRequested)
            line.uplink.rewind()
            assert attempt(line.uplink) is None


class TestPictures:
    """A model of 3.8 is told to wait for its tools, but never for one that shows a picture."""

    LOOK = ToolCall("fc_1", "look")

    @staticmethod
    def arrived(peer: Peer) -> list[str]:
        """What came after the setup: kinds of messages, or of realtime inputs."""
        messages = [arrival.message for arrival in peer.arrivals[1:]]
        return [next(iter(message.get("realtime_input", message))) for message in messages]

    async def test_go_as_video_after_what_was_sent_before_and_before_what_is_sent_after(
        self, certificate: CertificateFiles
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LOOKING})
            await hold(peer)

        options = {"showing": frozenset({"look"})}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            await line.until(ToolRequested)
            line.session.answer_tool(self.LOOK, {"ok": True})
            line.session.send_frame(b"\xff\xd8\xff\xd9", lambda: True)
            line.session.send_text(1, "look")
            peer = service.peers[0]
            await peer.until_arrived("client_content")
            assert self.arrived(peer) == ["tool_response", "video", "client_content"]
            (answer,) = peer.arrivals[1].message["tool_response"]["functionResponses"]
            assert answer["scheduling"] == "SILENT"
            video = peer.arrivals[2].message["realtime_input"]["video"]
            assert (video["mime_type"], base64.urlsafe_b64decode(video["data"])) == ("image/jpeg", b"\xff\xd8\xff\xd9")

    async def test_that_could_not_be_taken_are_spoken_of(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LOOKING})
            await hold(peer)

        options = {"showing": frozenset({"look"})}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            await line.until(ToolRequested)
            line.session.answer_tool(self.LOOK, {"error": "no camera"})
            await service.peers[0].until_arrived("tool_response")
            (answer,) = service.peers[0].arrivals[1].message["tool_response"]["functionResponses"]
            assert "scheduling" not in answer

    async def test_do_not_keep_speech_back(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LOOKING})
            await hold(peer)

        options = {"showing": frozenset({"look"})}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            await line.until(ToolRequested)
            line.say(1, 700)
            await service.peers[0].until_arrived("activityEnd")

    async def test_newer_ones_take_the_place_of_one_that_waits_and_unwanted_ones_stay(
        self, certificate: CertificateFiles
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(SessionOpened)
            for number in range(3):
                line.session.send_frame(b"%d" % number, lambda: True)
            line.session.send_text(1, "first")
            peer = service.peers[0]
            await peer.until_arrived("client_content")
            line.session.send_frame(b"4", lambda: False)
            line.session.send_text(2, "second")
            await peer.until_arrived("client_content", times=2)
            assert self.arrived(peer) == ["video", "client_content", "client_content"]
            assert base64.b64decode(peer.arrivals[1].message["realtime_input"]["video"]["data"]) == b"2"
            assert line.session.frames_dropped == 3

    async def test_without_a_session_are_dropped_and_counted(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)

        async with serving(certificate, script) as service:
            async with calling(service.options()) as line:
                line.session.send_frame(b"early", lambda: True)
                await line.until(SessionOpened)
            line.session.send_frame(b"late", lambda: True)
        assert line.session.frames_dropped == 2
        assert self.arrived(service.peers[0]) == []


class TestClose:
    async def test_says_goodbye(self, certificate: CertificateFiles) -> None:
        gone = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)
            gone.set()

        async with serving(certificate, script) as service:
            async with calling(service.options()) as line:
                await line.until(SessionOpened)
            await gone.wait()
        assert service.peers[0].socket.close_code == 1000
        assert line.reports == [SessionOpened()]

    async def test_nothing_is_reported_after_it(self, certificate: CertificateFiles) -> None:
        """Not even the rest of a message whose first half is what made the listener close."""
        reports: list[SessionMessage] = []

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.say(PCM)
            await hold(peer)

        def close_at_reply(report: SessionMessage) -> None:
            reports.append(report)
            if report == ReplyStarted(0):
                session.close()

        async with serving(certificate, script) as service, asyncio.timeout(PATIENCE_S):
            session = LiveSession(service.options(), Uplink(AudioRing(1_000)), close_at_reply)
            await session.run()
        assert reports == [SessionOpened(), ReplyStarted(0)]

    async def test_stops_what_is_not_open_yet(self, certificate: CertificateFiles) -> None:
        asked = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.receive()
            asked.set()
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(connect_timeout_s=60)) as line:
            await asked.wait()
        assert line.reports == []

    async def test_before_it_even_began(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, hold) as service:
            line = Line(service.options())
            line.session.close()
            async with asyncio.timeout(PATIENCE_S):
                await line.session.run()
        assert line.reports == []
        assert service.peers == []

    async def test_abandons_what_was_not_sent(self) -> None:
        line = Line(options_with(api_key="k"))
        line.say(1, 1_000)
        line.session.close()
        assert attempt(line.uplink) is None


async def test_a_fault_of_ours_is_not_called_a_lost_session(certificate: CertificateFiles) -> None:
    def refuse(_: SessionMessage) -> None:
        raise KeyError("a bug")

    async with serving(certificate, answer_turns) as service, asyncio.timeout(PATIENCE_S):
        session = LiveSession(service.options(), Uplink(AudioRing(1_000)), refuse)
        with pytest.raises(ExceptionGroup) as caught:
            await session.run()
    assert caught.group_contains(KeyError)


async def test_preload_can_be_repeated() -> None:
    await preload()
    await preload()


LAZINESS = """
import asyncio, sys
import daemon.conversation.messages, daemon.live.credentials, daemon.live.options, daemon.live.session
import daemon.live.uplink
assert "google" not in sys.modules and "websockets" not in sys.modules, "imported too early"
asyncio.run(daemon.live.session.preload())
types = sys.modules["google.genai.types"]
assert types.LiveServerContent.__pydantic_complete__ and types.Part.__pydantic_complete__, "left for later"
"""


def test_the_sdk_is_loaded_by_preload_and_not_before() -> None:
    """The daemon is READY without it: it costs seconds and 30 MB on a small Pi."""
    done = subprocess.run([sys.executable, "-c", LAZINESS], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


HISTORY = (Remark("model", "Yes?"), Remark("user", "I am Ada."), Remark("user", "Remember."), Remark("model", "Hello."))


class TestTakingUpAConversation:
    async def test_a_handle_is_sent_and_its_history_is_not(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)

        options = {"handle": "h1", "history": HISTORY}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            await line.until(SessionOpened)
            line.say(1, 320)
            await asyncio.sleep(0)
        setup = service.peers[0].arrivals[0].message["setup"]
        assert setup["sessionResumption"] == {"handle": "h1"}
        assert "historyConfig" not in setup
        assert not any("client_content" in arrival.message for arrival in service.peers[0].arrivals)

    @pytest.mark.parametrize(
        ("code", "reason"),
        [(1008, "Requested entity was not found."), (1011, "Internal error encountered."), (1007, "Invalid argument.")],
    )
    async def test_a_handle_that_is_refused_is_given_up_and_the_history_told_instead(
        self, certificate: CertificateFiles, code: int, reason: str
    ) -> None:
        async def script(peer: Peer) -> None:
            setup = (await peer.receive())["setup"]
            if "handle" in setup["sessionResumption"]:
                await peer.socket.close(code, reason)
                return
            await peer.send({"setupComplete": {}})
            await peer.receive_until("client_content")
            await peer.content(generationComplete=True)
            await hold(peer)

        options = {"handle": "h1", "history": HISTORY}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            await line.until(HandleRefused)
            await line.until(SessionOpened)
            await line.until(ReplyComplete)
        assert not [report for report in line.reports if isinstance(report, SessionLost)]
        again = service.peers[1].arrivals
        assert again[0].message["setup"]["historyConfig"] == {"initial_history_in_client_content": True}
        assert again[1].message["client_content"] == {
            "turns": [
                {"role": "user", "parts": [{"text": "I am Ada."}, {"text": "Remember."}]},
                {"role": "model", "parts": [{"text": "Hello."}]},
            ],
            "turnComplete": True,
        }

    async def test_a_key_that_is_refused_is_not_the_handles_fault(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.receive()
            await peer.socket.close(1007, "API key expired. Please renew the API key.")

        async with serving(certificate, script) as service:
            reports = await outcome(service.options(handle="h1"))
        assert [type(report) for report in reports] == [SessionLost]
        assert len(service.peers) == 1

    async def test_an_unannounced_history_asks_for_no_answer(self, certificate: CertificateFiles) -> None:
        told = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("client_content")
            told.set()
            await hold(peer)

        options = {"history": HISTORY, "model": "gemini-2.5-flash-native-audio-latest"}
        async with serving(certificate, script) as service, calling(service.options(**options)):
            await told.wait()
        setup, content = (arrival.message for arrival in service.peers[0].arrivals[:2])
        assert "historyConfig" not in setup["setup"]
        assert content["client_content"].get("turnComplete", False) is False

    async def test_without_resumption_none_is_asked_for(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(resumable=False)) as line:
            await line.until(SessionOpened)
        assert "sessionResumption" not in service.peers[0].arrivals[0].message["setup"]


async def test_a_session_that_is_left_takes_nothing_more_of_what_another_shall_say(
    certificate: CertificateFiles,
) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await hold(peer)

    async with serving(certificate, script) as service, calling(service.options()) as line:
        await line.until(SessionOpened)
        line.uplink.start(1, 0)
        line.capture(PIECE_SAMPLES)
        line.session.leave()
        line.uplink.rewind()
        assert attempt(line.uplink) == ActivityStart(1)
        for _ in range(5):
            await asyncio.sleep(0)
        assert isinstance(attempt(line.uplink), bytes)
