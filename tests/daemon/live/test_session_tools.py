"""A session and the tools of its model: what waits for what, and what goes over the wire in which form."""

import asyncio
import logging
from typing import Any

import pytest

from daemon.conversation.events import ReplyComplete, ReplyStarted, SessionOpened, ToolCancelled, ToolRequested
from daemon.conversation.messages import ReplyAudio
from daemon.conversation.tool_call import ToolCall
from daemon.live.admission import CALLS_LIMIT
from daemon.live.session import PARTS_LIMIT
from daemon.live.settings import ToolCallSettings, TurnSettings
from daemon.web.certificate import CertificateFiles
from tests.daemon.live.line import PATIENCE_S, Line, calling
from tests.daemon.live.peer import Peer, hold, serving
from tests.daemon.live.telling import options_with

PCM = b"\x05\x06" * 100
LAMP_ON = {"functionCalls": [{"id": "fc_1", "name": "set_device", "args": {"on": True}}]}


TALKS_ON = ToolCallSettings(waiting="non_blocking")


def talks_on(scheduling: Any) -> ToolCallSettings:
    return TALKS_ON.model_copy(update={"scheduling": scheduling})


class TestWhileAToolWorks:
    CALL = ToolCall("fc_1", "set_device", {"on": True})

    @staticmethod
    async def script(peer: Peer) -> None:
        """A call as soon as the session is open; then whatever comes."""
        await peer.accept()
        await peer.send({"toolCall": LAMP_ON})
        await hold(peer)

    async def test_speech_waits_for_the_answer_and_none_is_lost(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, self.script) as service, calling(service.options()) as line:
            await line.until(ToolRequested)
            spoken = line.say(1, 3_200)
            for _ in range(50):
                await asyncio.sleep(0)
            line.session.answer_tool(self.CALL, {"ok": True})
            await service.peers[0].until_arrived("activityEnd")
        kinds = [next(iter(arrival.message)) for arrival in service.peers[0].arrivals]
        assert kinds.index("tool_response") == 1
        assert b"".join(m for m in service.peers[0].realtime() if isinstance(m, bytes)) == spoken

    async def test_a_cancelled_call_is_waited_for_no_longer(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LAMP_ON})
            await peer.send({"toolCallCancellation": {"ids": ["fc_1"]}})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(ToolCancelled)
            line.say(1, 320)
            await service.peers[0].until_arrived("activityEnd")

    async def test_a_call_that_is_never_answered_does_not_hold_speech_for_ever(
        self, certificate: CertificateFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("daemon.live.unanswered.LONGEST_TOOL_S", 0.05)
        async with serving(certificate, self.script) as service, calling(service.options()) as line:
            await line.until(ToolRequested)
            line.say(1, 320)
            await service.peers[0].until_arrived("activityEnd")
        assert "still unanswered" in caplog.text

    async def test_the_time_counts_from_the_call_and_not_from_the_speech(
        self, certificate: CertificateFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("daemon.live.unanswered.LONGEST_TOOL_S", 0.0)
        async with serving(certificate, self.script) as service, calling(service.options()) as line:
            await line.until(ToolRequested)
            monkeypatch.setattr("daemon.live.unanswered.LONGEST_TOOL_S", 3_600.0)
            line.say(1, 320)
            await service.peers[0].until_arrived("activityEnd")
        assert "still unanswered" in caplog.text

    async def test_a_model_that_does_not_wait_hears_on(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, self.script) as service, calling(service.options(calls=TALKS_ON)) as line:
            await line.until(ToolRequested)
            line.say(1, 320)
            await service.peers[0].until_arrived("activityEnd")

    async def test_several_calls_are_each_answered_in_any_order(self, certificate: CertificateFiles) -> None:
        """Speech waits for the last of them."""
        names = ("one", "two", "three")

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": {"functionCalls": [{"id": name, "name": name} for name in names]}})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            calls = [(await line.until(ToolRequested)).call for _ in names]
            line.say(1, 320)
            for call in (calls[1], calls[2], calls[0]):
                line.session.answer_tool(call, {"name": call.name})
            await service.peers[0].until_arrived("activityEnd")
        assert [(a["id"], a["response"]["name"]) for a in answers(service.peers[0])] == [
            ("two", "two"),
            ("three", "three"),
            ("one", "one"),
        ]
        kinds = [next(iter(arrival.message)) for arrival in service.peers[0].arrivals]
        assert kinds[1:5] == ["tool_response"] * 3 + ["realtime_input"]


class TestCallsThatAreNotRun:
    """Each is answered once, and none acts."""

    @staticmethod
    async def requested(
        certificate: CertificateFiles, calls: list[dict[str, Any]], *later: dict[str, Any], answers_expected: int
    ) -> tuple[list[ToolCall], list[dict[str, Any]]]:
        """The calls that were let in, each of which is answered, and all answers that arrive."""

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": {"functionCalls": calls}})
            for message in later:
                await peer.send(message)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(ToolRequested)
            peer = service.peers[0]
            for _ in range(20):  # until all of the message was read
                await asyncio.sleep(0)
            let_in = [report.call for report in line.reports if isinstance(report, ToolRequested)]
            for call in let_in:
                line.session.answer_tool(call, {"ok": True})
            while len(answers(peer)) < answers_expected:  # noqa: ASYNC110 - they are counted, not the messages
                await asyncio.sleep(0.001)
        return let_in, answers(peer)

    @pytest.mark.parametrize("count", [CALLS_LIMIT, CALLS_LIMIT + 1, 3 * CALLS_LIMIT])
    async def test_those_beyond_the_limit(
        self, certificate: CertificateFiles, count: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG", "daemon.live.session")
        calls = [{"id": f"fc_{number}", "name": "set_device"} for number in range(count)]
        let_in, answered = await self.requested(certificate, calls, answers_expected=count)
        assert [call.id for call in let_in] == [call["id"] for call in calls[:CALLS_LIMIT]]
        assert sorted(answer["id"] for answer in answered) == sorted(call["id"] for call in calls)
        refused = [answer["response"] for answer in answered if "error" in answer["response"]]
        assert len(refused) == count - CALLS_LIMIT
        assert all("32 calls are running" in response["error"] for response in refused)
        assert caplog.text.count("a call is not run: 32 calls are running") == len(refused)

    @pytest.mark.parametrize("named", [{"id": "fc_1"}, {"id": ""}, {}])
    async def test_one_with_the_id_of_another(
        self, certificate: CertificateFiles, named: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG", "daemon.live.session")
        calls = [named | {"name": "set_device", "args": {"n": number}} for number in range(3)]
        let_in, answered = await self.requested(certificate, calls, answers_expected=3)
        assert [call.arguments for call in let_in] == [{"n": 0}]
        assert [answer["response"].get("ok", False) for answer in answered] == [True, False, False]
        assert [answer["id"] for answer in answered] == [named.get("id", "")] * 3
        assert caplog.messages.count("a call is not run: one of its id awaits its answer") == 2

    @pytest.mark.parametrize(
        "call",
        [
            {"id": "fc_2", "name": "n" * 200},
            {"id": "fc_2", "name": "set_device", "args": {"device": "\ud800"}},
            {"id": "fc_2", "name": "\ud800"},
            {"id": "fc_2", "name": "set_device", "args": {"n": 10**300}},
            {"id": "fc_2", "name": "set_device", "args": {"n": float("nan")}},
            {"id": "fc_2", "name": "set_device", "args": {"n": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}},
        ],
        ids=["name", "text", "unwritable", "large", "none", "deep"],
    )
    async def test_one_that_cannot_be_read(self, certificate: CertificateFiles, call: dict[str, Any]) -> None:
        calls = [{"id": "fc_1", "name": "set_device"}, call]
        let_in, answered = await self.requested(certificate, calls, answers_expected=2)
        assert [call.id for call in let_in] == ["fc_1"]
        assert {answer["id"]: "error" in answer["response"] for answer in answered} == {"fc_1": False, "fc_2": True}

    async def test_one_whose_namesake_is_cancelled_goes_with_it(self, certificate: CertificateFiles) -> None:
        calls = [{"id": "fc_1", "name": "set_device"}] * 2 + [{"id": "fc_2", "name": "set_device"}]
        cancelled = {"toolCallCancellation": {"ids": ["fc_1"]}}
        let_in, answered = await self.requested(certificate, calls, cancelled, answers_expected=1)
        assert [call.id for call in let_in] == ["fc_1", "fc_2"]
        assert [answer["id"] for answer in answered] == ["fc_2"]

    async def test_an_id_may_be_used_again_once_it_was_answered(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            for _ in range(3):
                await peer.send({"toolCall": LAMP_ON})
                await peer.receive_until("tool_response")
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            for _ in range(3):
                call = (await line.until(ToolRequested)).call
                line.session.answer_tool(call, {"ok": True})
            while len(answers(service.peers[0])) < 3:  # noqa: ASYNC110 - they are counted, not the messages
                await asyncio.sleep(0.001)
        assert [answer["response"] for answer in answers(service.peers[0])] == [{"ok": True}] * 3


def answers(peer: Peer) -> list[dict[str, Any]]:
    """The function responses that arrived."""
    messages = [arrival.message for arrival in peer.arrivals if "tool_response" in arrival.message]
    return [response for message in messages for response in message["tool_response"]["functionResponses"]]


def manner(response: dict[str, Any]) -> tuple[str | None, bool]:
    return response.get("scheduling"), response.get("will_continue", False)


class TestResultsNobodyWaitedFor:
    """What is on the wire of scheduling and parts, family by family."""

    CALL = ToolCall("fc_1", "set_device", {"on": True})
    MODELS = ("gemini-3.8-live", "gemini-2.5-flash-native-audio-latest", "gemini-live-2.5-flash-preview")

    async def answered(self, certificate: CertificateFiles, *results: Any, **options: Any) -> list[dict[str, Any]]:
        """What arrives of `results`, each a response, whether there is more, and the tool's own scheduling."""
        options = {"calls": TALKS_ON} | options
        async with (
            serving(certificate, TestWhileAToolWorks.script) as service,
            calling(service.options(**options)) as line,
        ):
            await line.until(ToolRequested)
            for response, more, scheduling in results:
                line.session.answer_tool(self.CALL, response, more=more, scheduling=scheduling)
            await service.peers[0].until_arrived("tool_response", times=len(results))
        return answers(service.peers[0])

    @pytest.mark.parametrize("model", MODELS)
    @pytest.mark.parametrize(
        ("wanted", "on_the_wire"),
        [("", None), ("interrupt", "INTERRUPT"), ("when_idle", "WHEN_IDLE"), ("silent", "SILENT")],
    )
    async def test_the_settings_say_when_it_is_spoken_of(
        self, certificate: CertificateFiles, model: str, wanted: Any, on_the_wire: str | None
    ) -> None:
        (answer,) = await self.answered(certificate, ({"n": 1}, False, None), model=model, calls=talks_on(wanted))
        assert manner(answer) == (on_the_wire, False)

    async def test_a_tool_may_say_it_itself(self, certificate: CertificateFiles) -> None:
        (answer,) = await self.answered(certificate, ({"n": 1}, False, "silent"), calls=talks_on("interrupt"))
        assert manner(answer) == ("SILENT", False)

    async def test_parts_keep_the_call_open_and_the_last_ends_it(self, certificate: CertificateFiles) -> None:
        parts = [({"n": 1}, True, "silent"), ({"n": 2}, True, "silent"), ({"n": 3}, False, None)]
        arrived = await self.answered(certificate, *parts, calls=talks_on("interrupt"))
        assert [(a["response"]["n"], *manner(a)) for a in arrived] == [
            (1, "SILENT", True),
            (2, "SILENT", True),
            (3, "INTERRUPT", False),
        ]

    async def test_many_parts_leave_room_for_the_answer(self, certificate: CertificateFiles) -> None:
        parts = [({"n": number}, True, None) for number in range(100)]
        async with (
            serving(certificate, TestWhileAToolWorks.script) as service,
            calling(service.options(calls=TALKS_ON)) as line,
        ):
            await line.until(ToolRequested)
            for response, more, scheduling in [*parts, ({"n": "all"}, False, None)]:
                line.session.answer_tool(self.CALL, response, more=more, scheduling=scheduling)
            await service.peers[0].until_arrived("tool_response", times=PARTS_LIMIT + 1)
        arrived = [answer["response"]["n"] for answer in answers(service.peers[0])]
        assert arrived == [*range(PARTS_LIMIT), "all"]

    async def test_extended_thinking_is_told_nothing_of_it_for_it_closes_the_session_at_the_word(
        self, certificate: CertificateFiles
    ) -> None:
        model = "gemini-3.8-live-extended-thinking"
        (answer,) = await self.answered(
            certificate, ({"n": 1}, False, "silent"), model=model, calls=talks_on("interrupt")
        )
        assert set(answer) == {"id", "name", "response"}

    async def test_a_model_that_waits_is_told_nothing_of_it(self, certificate: CertificateFiles) -> None:
        for model in ("gemini-3.8-live", "gemini-3.1-flash-live-preview"):
            result, waits = ({"n": 1}, False, "silent"), ToolCallSettings(scheduling="interrupt")
            (answer,) = await self.answered(certificate, result, model=model, calls=waits)
            assert set(answer) == {"id", "name", "response"}

    @pytest.mark.parametrize(
        ("model", "mode", "takes"),
        [
            *((model, "non_blocking", True) for model in MODELS),
            *((model, "", False) for model in MODELS),
            ("gemini-3.1-flash-live-preview", "", False),
            ("gemini-3.8-live-extended-thinking", "", False),
            ("a-model-of-the-future", "non_blocking", False),
        ],
    )
    def test_who_takes_an_answer_in_parts(self, model: str, mode: Any, takes: bool) -> None:
        line = Line(options_with(api_key="k", model=model, calls=ToolCallSettings(waiting=mode)))
        assert line.session.takes_parts == takes

    async def test_what_comes_after_the_session_is_over_is_dropped_and_logged(
        self, certificate: CertificateFiles, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.send({"toolCall": LAMP_ON})

        async with serving(certificate, script) as service:
            line = Line(service.options())
            async with asyncio.timeout(PATIENCE_S):
                await line.session.run()
            line.session.answer_tool(self.CALL, {"n": 1})
        assert "the answer of set_device is dropped: its session is over" in caplog.text


AT_ONCE: dict[str, Any] = {"model": "gemini-3.1-flash-live-preview", "nudge_after_s": 0.0}


class TestAModelThatFallsSilent:
    """3.1 says nothing after a tool's result, or ends a turn without a word, until it is nudged."""

    CALL = ToolCall("fc_1", "set_device", {"on": True})

    @staticmethod
    async def stubborn(peer: Peer) -> None:
        """Calls a tool, and goes on only when it is nudged."""
        await peer.accept()
        await peer.receive_until("activityEnd")
        await peer.send({"toolCall": LAMP_ON})
        await peer.receive_until("text")
        await peer.say(PCM)
        await peer.content(generationComplete=True)
        await hold(peer)

    async def test_is_asked_to_go_on_after_the_result_and_answers(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, self.stubborn) as service, calling(service.options(**AT_ONCE)) as line:
            line.say(1, 320)
            await line.until(ToolRequested)
            line.session.answer_tool(self.CALL, {"ok": True})
            assert await line.until(ReplyStarted) == ReplyStarted(1)
        kinds = [next(iter(arrival.message)) for arrival in service.peers[0].arrivals]
        assert service.peers[0].arrivals[-1].message == {"realtime_input": {"text": " "}}
        assert kinds[-2:] == ["tool_response", "realtime_input"]

    async def test_is_asked_once_in_a_turn(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.send({"toolCall": LAMP_ON})
            await peer.receive_until("text")
            await peer.send({"toolCall": LAMP_ON})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(**AT_ONCE)) as line:
            line.say(1, 320)
            for _ in range(2):
                await line.until(ToolRequested)
                line.session.answer_tool(self.CALL, {"ok": True})
            await service.peers[0].until_arrived("tool_response", times=2)
            line.say(2, 320)
            await service.peers[0].until_arrived("activityEnd", times=2)
        assert len([a for a in service.peers[0].arrivals if "text" in a.message.get("realtime_input", {})]) == 1

    async def test_is_not_asked_while_another_result_is_owed(self, certificate: CertificateFiles) -> None:
        two = {"functionCalls": [{"id": "a", "name": "f"}, {"id": "b", "name": "f"}]}

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.send({"toolCall": two})
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(**AT_ONCE)) as line:
            line.say(1, 320)
            await line.until(ToolRequested)
            line.session.answer_tool(ToolCall("a", "f"), {})
            await service.peers[0].until_arrived("tool_response")
            for _ in range(20):
                await asyncio.sleep(0)
            line.session.answer_tool(ToolCall("b", "f"), {})
            await service.peers[0].until_arrived("text")
        kinds = [next(iter(arrival.message)) for arrival in service.peers[0].arrivals]
        assert kinds[-3:] == ["tool_response", "tool_response", "realtime_input"]

    async def test_is_not_asked_if_it_goes_on_by_itself(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.send({"toolCall": LAMP_ON})
            await peer.receive_until("tool_response")
            await peer.say(PCM)
            await hold(peer)

        options = AT_ONCE | {"nudge_after_s": 3_600.0}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            line.say(1, 320)
            await line.until(ToolRequested)
            line.session.answer_tool(self.CALL, {"ok": True})
            await line.until(ReplyAudio)
            assert not line.session._silence.noticed

    async def test_is_asked_once_when_its_turn_was_empty_and_the_end_is_told_only_after_that(
        self, certificate: CertificateFiles
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            for kind in ("activityEnd", "text"):
                await peer.receive_until(kind)
                await peer.content(generationComplete=True)
                await peer.content(turnComplete=True)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options(**AT_ONCE)) as line:
            line.say(1, 320)
            await line.until(ReplyComplete)
        nudges = [a for a in service.peers[0].arrivals if "text" in a.message.get("realtime_input", {})]
        assert len(nudges) == 1
        assert line.reports.count(ReplyComplete(1)) == 1

    async def test_a_service_that_finds_speech_may_find_none(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("audio")
            await peer.content(turnComplete=True)
            await hold(peer)

        options = AT_ONCE | {"turns": TurnSettings(taking="automatic")}
        async with serving(certificate, script) as service, calling(service.options(**options)) as line:
            line.say(1, 640)
            assert await line.until(ReplyComplete) == ReplyComplete(1)
            await service.peers[0].until_arrived("audioStreamEnd")
        assert not any("text" in a.message.get("realtime_input", {}) for a in service.peers[0].arrivals)

    @pytest.mark.parametrize("model", ["gemini-3.8-live", "gemini-2.5-flash-native-audio-latest", "another"])
    async def test_other_families_mean_what_they_do_not_say(self, certificate: CertificateFiles, model: str) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.send({"toolCall": LAMP_ON})
            await peer.receive_until("tool_response")
            await peer.content(turnComplete=True)
            await peer.receive_until("activityEnd")
            await peer.content(turnComplete=True)
            await hold(peer)

        async with (
            serving(certificate, script) as service,
            calling(service.options(model=model, nudge_after_s=0.0)) as line,
        ):
            line.say(1, 320)
            await line.until(ToolRequested)
            line.session.answer_tool(self.CALL, {"ok": True})
            assert await line.until(ReplyComplete) == ReplyComplete(1)
            line.say(2, 320)
            assert await line.until(ReplyComplete) == ReplyComplete(2)
        assert not any("text" in a.message.get("realtime_input", {}) for a in service.peers[0].arrivals)


class TestAToolInMidSentence:
    async def test_what_is_said_after_the_result_begins_anew(self, certificate: CertificateFiles) -> None:
        """Row 24 of livekit's list: a call in mid-utterance, and more of it before the result."""

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityEnd")
            await peer.say(PCM)
            await peer.send({"toolCall": LAMP_ON})
            await peer.say(PCM)
            await peer.receive_until("tool_response")
            await peer.say(PCM)
            await peer.content(generationComplete=True)
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            line.say(1, 320)
            await line.until(ToolRequested)
            await line.until(ReplyAudio)
            line.session.answer_tool(ToolCall("fc_1", "set_device"), {"ok": True})
            await line.until(ReplyComplete)
        kinds = [type(report) for report in line.reports]
        assert kinds == [
            SessionOpened,
            ReplyStarted,
            ReplyAudio,
            ToolRequested,
            ReplyAudio,
            ReplyStarted,
            ReplyAudio,
            ReplyComplete,
        ]
