"""From frames to typed messages."""

import json
from typing import Any

import pytest

from daemon.offline.brain import FunctionDeclaration, Remark
from daemon.offline.protocol import (
    ActivityEnd,
    ActivityStart,
    AudioChunk,
    AudioStreamEnd,
    ClientContent,
    ClientDecoder,
    ClientMessage,
    ContextUpdate,
    Detection,
    FunctionAnswer,
    RealtimeText,
    Setup,
    VideoFrame,
    json_schema,
)
from daemon.offline.wire import WireError


def decode(message: dict[str, Any]) -> list[ClientMessage]:
    """What one message means after a setup."""
    decoder = ClientDecoder()
    decoder.decode('{"setup": {"model": "m"}}')
    return decoder.decode(json.dumps(message))


def set_up(**fields: Any) -> Setup:
    """What a setup with these fields asks for."""
    [message] = ClientDecoder().decode(json.dumps({"setup": {"model": "models/m"} | fields}))
    assert isinstance(message, Setup)
    return message


class TestOrder:
    def test_setup_must_be_first(self) -> None:
        with pytest.raises(WireError, match="1007 setup must be the first message and only the first"):
            ClientDecoder().decode('{"realtimeInput": {"text": "hi"}}')

    def test_setup_only_once(self) -> None:
        with pytest.raises(WireError, match="1007 setup must be the first message and only the first"):
            decode({"setup": {"model": "m"}})

    @pytest.mark.parametrize("message", [{}, {"clientContent": {}, "realtimeInput": {}}])
    def test_exactly_one_field(self, message: dict[str, Any]) -> None:
        with pytest.raises(WireError, match="1007 Request contains an invalid argument"):
            decode(message)


class TestSetup:
    def test_defaults(self) -> None:
        assert set_up() == Setup("m")
        assert set_up().detection == Detection("HIGH", "HIGH", None, None)

    def test_as_the_python_sdk_mixes_it(self) -> None:
        setup = set_up(
            generationConfig={
                "responseModalities": ["TEXT"],
                "topK": 40.0,
                "speechConfig": {
                    "voice_config": {"prebuilt_voice_config": {"voice_name": "Kore"}},
                    "language_code": "en-US",
                },
            },
            systemInstruction={"parts": [{"text": "Be "}, {"text": "brief"}], "role": "user"},
            sessionResumption={"handle": "H"},
            inputAudioTranscription={"language_codes": ["en-US"]},
            outputAudioTranscription={},
            realtimeInputConfig={
                "automatic_activity_detection": {
                    "disabled": False,
                    "start_of_speech_sensitivity": "START_SENSITIVITY_LOW",
                    "end_of_speech_sensitivity": "END_SENSITIVITY_LOW",
                    "prefix_padding_ms": 20,
                    "silence_duration_ms": 500,
                },
                "activity_handling": "NO_INTERRUPTION",
            },
            historyConfig={"initial_history_in_client_content": True},
        )
        assert setup == Setup(
            model="m",
            modality="TEXT",
            voice="Kore",
            language="en-US",
            system_instruction="Be brief",
            detection=Detection("LOW", "LOW", 20, 500),
            interrupts=False,
            input_transcription=True,
            output_transcription=True,
            resumable=True,
            handle="H",
            history_first=True,
        )

    def test_detection_switched_off(self) -> None:
        assert set_up(realtimeInputConfig={"automaticActivityDetection": {"disabled": True}}).detection is None

    def test_without_a_model(self) -> None:
        with pytest.raises(WireError, match="1007 Request contains an invalid argument"):
            ClientDecoder().decode('{"setup": {}}')

    def test_two_modalities_are_refused(self) -> None:
        with pytest.raises(WireError, match=r"response modalities \(AUDIO, TEXT\) is not supported"):
            set_up(generationConfig={"responseModalities": ["AUDIO", "TEXT"]})

    def test_a_handle_is_not_shown(self) -> None:
        assert "secret" not in repr(set_up(sessionResumption={"handle": "secret"}))


class TestFunctions:
    def test_both_ways_to_declare_parameters(self) -> None:
        schema = {"type": "object", "properties": {"room_name": {"type": "string"}}}
        openapi = {"type": "OBJECT", "properties": {"room_name": {"type": "STRING"}}}
        declarations = [
            {"name": "f", "description": "d", "parameters_json_schema": schema},
            {"name": "g", "parameters": openapi},
            {"name": "h"},
        ]
        setup = set_up(tools=[{"googleSearch": {}}, {"functionDeclarations": declarations}])
        assert setup.functions == (
            FunctionDeclaration("f", "d", schema),
            FunctionDeclaration("g", "", schema),
            FunctionDeclaration("h", "", {}),
        )

    def test_keywords_change_and_names_do_not(self) -> None:
        openapi = {
            "type": "OBJECT",
            "properties": {
                "type": {"type": "STRING", "enum": ["BIG"], "default": "BIG"},
                "any_of": {
                    "any_of": [{"type": "NULL"}, {"type": "ARRAY", "items": {"type": "INTEGER"}, "min_items": 1}]
                },
            },
            "property_ordering": ["type", "any_of"],
        }
        assert json_schema(openapi) == {
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": ["BIG"], "default": "BIG"},
                "any_of": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "integer"}, "minItems": 1}]},
            },
            "propertyOrdering": ["type", "any_of"],
        }


class TestContent:
    def test_remarks(self) -> None:
        turns = [
            {"role": "user", "parts": [{"text": "My name "}, {"text": "is Ann."}]},
            {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": "Hello Ann."}]},
            {"parts": {"text": "What is my name?"}},
        ]
        assert decode({"client_content": {"turns": turns, "turn_complete": True}}) == [
            ClientContent(
                (Remark("user", "My name is Ann."), Remark("model", "Hello Ann."), Remark("user", "What is my name?")),
                turn_complete=True,
            )
        ]

    def test_context_update(self) -> None:
        update = {"systemInstruction": {"parts": [{"text": "new"}]}, "tools": {"tools": []}}
        assert decode({"contextUpdate": update}) == [ContextUpdate("new", ())]
        assert decode({"contextUpdate": {}}) == [ContextUpdate(None, None)]

    def test_tool_answers(self) -> None:
        answers = [
            {"id": "1", "name": "f", "response": {"a": 1}, "scheduling": "SILENT"},
            {"id": "2", "will_continue": True},
        ]
        assert decode({"tool_response": {"functionResponses": answers}}) == [
            FunctionAnswer("1", "f", {"a": 1}, scheduling="SILENT"),
            FunctionAnswer("2", "", {}, will_continue=True),
        ]

    def test_a_tool_answer_is_an_object(self) -> None:
        with pytest.raises(WireError, match="1007"):
            decode({"toolResponse": {"functionResponses": [{"id": "1", "response": "on"}]}})


class TestRealtimeInput:
    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ({"activityStart": {}}, ActivityStart()),
            ({"activity_end": {}}, ActivityEnd()),
            ({"audioStreamEnd": True}, AudioStreamEnd()),
            ({"text": "hello"}, RealtimeText("hello")),
            ({"audio": {"data": "__79", "mime_type": "audio/pcm;rate=16000"}}, AudioChunk(b"\xff\xfe\xfd", 16_000)),
            ({"audio": {"data": "//79", "mimeType": "audio/pcm"}}, AudioChunk(b"\xff\xfe\xfd", 16_000)),
            ({"audio": {"data": "", "mimeType": "audio/pcm; rate=48000"}}, AudioChunk(b"", 48_000)),
            ({"video": {"data": "__79", "mimeType": "image/jpeg"}}, VideoFrame(b"\xff\xfe\xfd", "image/jpeg")),
        ],
    )
    def test_each_kind(self, field: dict[str, Any], expected: ClientMessage) -> None:
        assert decode({"realtime_input": field}) == [expected]

    def test_of_media_chunks_only_the_first_counts(self) -> None:
        chunks = [{"data": "AAA=", "mimeType": "audio/pcm"}, {"data": "BBB=", "mimeType": "audio/pcm"}]
        assert decode({"realtimeInput": {"mediaChunks": chunks}}) == [AudioChunk(b"\0\0", 16_000)]

    def test_several_fields_take_effect_in_the_order_of_a_turn(self) -> None:
        audio = {"data": "AAA=", "mimeType": "audio/pcm"}
        assert decode({"realtimeInput": {"activityEnd": {}, "audio": audio, "activityStart": {}}}) == [
            ActivityStart(),
            AudioChunk(b"\0\0"),
            ActivityEnd(),
        ]

    @pytest.mark.parametrize("mime_type", ["audio/pcm;rate=1", "audio/pcm;rate=999999", "audio/mp3", "text/plain", ""])
    def test_media_the_service_does_not_take(self, mime_type: str) -> None:
        with pytest.raises(WireError, match="1007 Request contains an invalid argument"):
            decode({"realtimeInput": {"audio": {"data": "", "mimeType": mime_type}}})
