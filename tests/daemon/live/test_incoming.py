"""The sequences of server messages that recordings of the service show, and what each becomes."""

import base64
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.conversation.events import (
    Interrupted,
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    ToolCancelled,
    ToolRequested,
)
from daemon.conversation.messages import (
    HandleIssued,
    ReplyAudio,
    ReplyText,
    Tokens,
    Transcribed,
    UsageReported,
)
from daemon.conversation.tool_call import ToolCall
from daemon.live.checked import Checker
from daemon.live.incoming import Reader
from tests.daemon.live.server_said import AUDIO, PCM, SOUND, content, read

TOOL = {"toolCall": {"functionCalls": [{"id": "function-call-1", "name": "set_device", "args": {"on": True}}]}}
CALLED = ToolRequested(ToolCall("function-call-1", "set_device", {"on": True}))
GENERATED = content(generationComplete=True)
TURN_COMPLETE = content(turnComplete=True)
INTERRUPTED = content(interrupted=True)


class TestReply:
    def test_begins_once_and_ends_once(self, reader: Reader) -> None:
        reports = read(reader, AUDIO, AUDIO, GENERATED, TURN_COMPLETE)
        assert reports == [ReplyStarted(1), ReplyAudio(1, PCM), ReplyAudio(1, PCM), ReplyComplete(1)]

    def test_ends_with_generation_complete_not_when_it_would_have_been_played(self, reader: Reader) -> None:
        assert read(reader, AUDIO, GENERATED)[-1] == ReplyComplete(1)
        assert read(reader, TURN_COMPLETE) == []

    def test_ends_with_turn_complete_where_that_is_all_there_is(self, reader: Reader) -> None:
        assert read(reader, AUDIO, TURN_COMPLETE) == [ReplyStarted(1), ReplyAudio(1, PCM), ReplyComplete(1)]

    def test_may_be_empty(self, reader: Reader) -> None:
        assert read(reader, TURN_COMPLETE) == [ReplyComplete(1)]

    def test_what_is_said_after_a_result_begins_anew(self, reader: Reader) -> None:
        before = read(reader, AUDIO, TOOL, AUDIO)
        assert before == [ReplyStarted(1), ReplyAudio(1, PCM), CALLED, ReplyAudio(1, PCM)]
        reader.answered()
        assert read(reader, AUDIO, AUDIO, GENERATED) == [
            ReplyStarted(1),
            ReplyAudio(1, PCM),
            ReplyAudio(1, PCM),
            ReplyComplete(1),
        ]

    def test_that_begins_in_writing_is_told_when_it_is_heard(self, reader: Reader) -> None:
        reports = read(reader, content({"text": "So."}), AUDIO, GENERATED)
        assert reports == [ReplyText(1, "So."), ReplyStarted(1), ReplyAudio(1, PCM), ReplyComplete(1)]

    def test_all_in_one_message(self, reader: Reader) -> None:
        bundle = content(SOUND, outputTranscription={"text": " Yes."}, generationComplete=True, turnComplete=True)
        bundle["usageMetadata"] = {"promptTokenCount": 5, "responseTokenCount": 3, "totalTokenCount": 8}
        assert read(reader, bundle) == [
            UsageReported(Tokens(5), Tokens(3), total=8),
            ReplyStarted(1),
            ReplyAudio(1, PCM),
            Transcribed(1, "model", " Yes."),
            ReplyComplete(1),
        ]

    def test_leaves_thoughts_and_code_unsaid(self, reader: Reader) -> None:
        thought = {"text": "**Considering the lamp**", "thought": True}
        code = {"executableCode": {"code": "print(default_api.set_device())", "language": "PYTHON"}}
        assert read(reader, content(thought), content(code)) == []

    def test_in_writing_has_no_audible_beginning(self, reader: Reader) -> None:
        assert read(reader, content({"text": "Done."}), TURN_COMPLETE) == [ReplyText(1, "Done."), ReplyComplete(1)]

    def test_ignores_pictures(self, reader: Reader) -> None:
        assert read(reader, content({"inlineData": {"mimeType": "image/png", "data": "AAAA"}})) == []

    def test_of_the_second_turn_begins_anew(self, reader: Reader) -> None:
        read(reader, AUDIO, GENERATED, TURN_COMPLETE)
        reader.asked(2)
        assert read(reader, AUDIO, GENERATED) == [ReplyStarted(2), ReplyAudio(2, PCM), ReplyComplete(2)]


class TestTurnNumbers:
    """What is under way while the user already asks the next thing is not the answer to that."""

    def test_audio_under_way_keeps_its_turn(self, reader: Reader) -> None:
        read(reader, AUDIO)
        reader.asked(2)
        assert read(reader, AUDIO, INTERRUPTED, TURN_COMPLETE) == [ReplyAudio(1, PCM), Interrupted(1)]
        assert read(reader, AUDIO) == [ReplyStarted(2), ReplyAudio(2, PCM)]

    def test_late_confirmation_does_not_end_the_next_reply(self, reader: Reader) -> None:
        read(reader, AUDIO, GENERATED)
        reader.asked(2)
        assert read(reader, TURN_COMPLETE) == []
        assert read(reader, AUDIO, GENERATED)[-1] == ReplyComplete(2)

    def test_confirmation_that_never_came_is_not_awaited_for_ever(self, reader: Reader) -> None:
        read(reader, AUDIO, GENERATED)
        reader.asked(2)
        assert read(reader, AUDIO, TURN_COMPLETE)[-1] == ReplyComplete(2)

    def test_audio_after_an_interruption_is_not_a_new_reply(self, reader: Reader) -> None:
        read(reader, AUDIO)
        assert read(reader, INTERRUPTED, AUDIO) == [Interrupted(1), ReplyAudio(1, PCM)]

    def test_reply_after_an_interruption_nobody_confirmed(self, reader: Reader) -> None:
        read(reader, AUDIO, INTERRUPTED)
        reader.asked(2)
        assert read(reader, AUDIO) == [ReplyStarted(2), ReplyAudio(2, PCM)]

    def test_a_reply_begins_though_it_was_called_interrupted_before(self, reader: Reader) -> None:
        assert read(reader, INTERRUPTED, AUDIO) == [Interrupted(1), ReplyStarted(1), ReplyAudio(1, PCM)]

    def test_an_interruption_told_twice_is_one(self, reader: Reader) -> None:
        read(reader, AUDIO, INTERRUPTED)
        assert read(reader, INTERRUPTED, AUDIO) == [Interrupted(1), ReplyAudio(1, PCM)]

    def test_spurious_interruption_is_told_and_changes_nothing(self, reader: Reader) -> None:
        read(reader, AUDIO, GENERATED, TURN_COMPLETE)
        reader.speaking(2)
        assert read(reader, INTERRUPTED, TURN_COMPLETE) == [Interrupted(1)]
        reader.asked(2)
        assert read(reader, AUDIO) == [ReplyStarted(2), ReplyAudio(2, PCM)]

    def test_the_users_words_belong_to_the_turn_being_spoken(self, reader: Reader) -> None:
        reader.speaking(2)
        assert read(reader, content(inputTranscription={"text": " Hello"})) == [Transcribed(2, "user", " Hello")]

    @given(st.lists(st.sampled_from([AUDIO, GENERATED, TURN_COMPLETE, INTERRUPTED, TOOL, "ask"])))
    def test_every_beginning_has_one_end_before_the_next(self, steps: list[dict[str, Any] | str]) -> None:
        reader, begun = Reader(), None
        for turn, step in enumerate(steps, start=1):
            if isinstance(step, str):
                reader.asked(turn)
                continue
            for report in read(reader, step):
                if isinstance(report, ReplyStarted):
                    assert begun is None
                    assert report.turn <= reader.turn
                    begun = report.turn
                elif isinstance(report, ReplyComplete | Interrupted) and begun is not None:
                    assert report.turn == begun
                    begun = None


class TestTools:
    def test_gemini_api_says_nothing_between_call_and_answer(self, reader: Reader) -> None:
        assert read(reader, TOOL, AUDIO, GENERATED, TURN_COMPLETE) == [
            CALLED,
            ReplyStarted(1),
            ReplyAudio(1, PCM),
            ReplyComplete(1),
        ]

    def test_vertex_ends_the_call_and_then_the_reply(self, reader: Reader) -> None:
        assert read(reader, TOOL, GENERATED, TURN_COMPLETE) == [CALLED, ReplyComplete(1)]
        assert read(reader, AUDIO, GENERATED, TURN_COMPLETE) == [ReplyStarted(1), ReplyAudio(1, PCM), ReplyComplete(1)]

    def test_call_in_mid_sentence(self, reader: Reader) -> None:
        assert read(reader, AUDIO, TOOL, AUDIO, GENERATED) == [
            ReplyStarted(1),
            ReplyAudio(1, PCM),
            CALLED,
            ReplyAudio(1, PCM),
            ReplyComplete(1),
        ]

    def test_several_calls_at_once(self, reader: Reader) -> None:
        calls = [{"id": "fc_1", "name": "a"}, {"id": "fc_2", "name": "b", "args": {}}]
        assert read(reader, {"toolCall": {"functionCalls": calls}}) == [
            ToolRequested(ToolCall("fc_1", "a", {})),
            ToolRequested(ToolCall("fc_2", "b", {})),
        ]

    def test_cancellation(self, reader: Reader) -> None:
        assert read(reader, {"toolCallCancellation": {"ids": ["fc_1", "fc_2"]}}) == [ToolCancelled(("fc_1", "fc_2"))]


class TestExtendedThinking:
    def test_reply_ends_when_the_model_is_idle(self) -> None:
        reader = Reader(ends_when_idle=True)
        reader.asked(1)
        first = read(reader, AUDIO, GENERATED, content(turnComplete=True, interactionStatus="IN_PROGRESS"))
        second = read(reader, AUDIO, GENERATED, content(turnComplete=True, interactionStatus="IDLE"))
        assert first == [ReplyStarted(1), ReplyAudio(1, PCM)]
        assert second == [ReplyAudio(1, PCM), ReplyComplete(1)]

    def test_or_when_it_says_nothing_of_its_state(self) -> None:
        assert read(Reader(ends_when_idle=True), AUDIO, TURN_COMPLETE)[-1] == ReplyComplete(0)


class TestAboutTheSession:
    def test_going_away(self, reader: Reader) -> None:
        assert read(reader, {"goAway": {"timeLeft": "9.500s"}}) == [SessionEnding(9.5)]

    def test_handle_counts_only_if_it_can_be_used(self, reader: Reader) -> None:
        assert read(reader, {"sessionResumptionUpdate": {"newHandle": "h", "resumable": True}}) == [HandleIssued("h")]
        assert read(reader, {"sessionResumptionUpdate": {"newHandle": "h", "resumable": False}}) == []
        assert read(reader, {"sessionResumptionUpdate": {"resumable": True}}) == []

    @pytest.mark.parametrize(
        "message",
        [
            {},
            {"serverContent": {}},
            {"setupComplete": {"sessionId": "x"}},
            {"goAway": None},
            {"voiceActivity": {"voiceActivityType": "ACTIVITY_START", "audioOffset": "1.280s"}},
            content(outputTranscription={}, inputTranscription={"finished": True}),
            content(groundingMetadata={}, waitingForInput=True, interimInputTranscription={"text": "hm"}),
            {"toolCall": {}},
        ],
    )
    def test_what_means_nothing_to_us(self, reader: Reader, message: dict[str, Any]) -> None:
        assert read(reader, message) == []

    def test_early_end_of_a_turn_is_logged(self, reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING):
            read(reader, content(turnComplete=True, turnCompleteReason="MALFORMED_FUNCTION_CALL"))
        assert "MALFORMED_FUNCTION_CALL" in caplog.text


def sound(data: bytes, mime_type: str = "audio/pcm;rate=24000") -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode()}}


class TestWhatCannotBeRead:
    def test_half_a_sample_waits_for_the_other_half(self, reader: Reader) -> None:
        reports = read(reader, content(sound(b"\1")), content(sound(b"\2\3")), content(sound(b"\4")), GENERATED)
        assert reports == [ReplyStarted(1), ReplyAudio(1, b"\1\2"), ReplyAudio(1, b"\3\4"), ReplyComplete(1)]

    @pytest.mark.parametrize("end", [GENERATED, TURN_COMPLETE, INTERRUPTED])
    def test_but_not_beyond_the_end_of_the_reply(self, reader: Reader, end: dict[str, Any]) -> None:
        read(reader, content(sound(b"\1\2\3")), end, TURN_COMPLETE)
        reader.asked(2)
        assert read(reader, content(sound(b"\5\6")))[-1] == ReplyAudio(2, b"\5\6")

    @pytest.mark.parametrize(
        "mime_type", ["audio/mpeg", "audio/pcm;rate=0", "audio/pcm;rate=1", "audio/pcm;channels=2"]
    )
    def test_sound_that_nobody_plays_is_no_beginning(self, mime_type: str) -> None:
        checker = Checker(logging.getLogger("test"))
        reader = Reader(checker=checker)
        assert read(reader, content(sound(b"\1\2", mime_type))) == []
        assert checker.skipped == {"sound": 1}

    def test_what_can_be_read_of_a_message_is(self) -> None:
        checker = Checker(logging.getLogger("test"))
        message = {
            "usageMetadata": {"promptTokenCount": 10**300, "responseTokenCount": -5, "totalTokenCount": 7},
            "sessionResumptionUpdate": {"newHandle": "h" * 20_000, "resumable": True},
            "toolCall": {"functionCalls": [{"id": "i" * 2_000, "name": "x"}, {"id": "fc-2", "name": "x"}]},
            "toolCallCancellation": {"ids": ["i" * 2_000, "fc-1"]},
            "goAway": {"timeLeft": "9" * 400 + "s"},
        }
        assert read(Reader(checker=checker), message) == [
            UsageReported(total=7),
            SessionEnding(0.0),
            ToolCancelled(("fc-1",)),
            ToolRequested(ToolCall("fc-2", "x")),
        ]
        assert checker.skipped == {"a count": 2, "a handle": 1, "an id": 1, "a call": 1}
