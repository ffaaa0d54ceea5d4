"""From frames to typed messages."""

import base64
import json
from contextlib import suppress
from random import Random
from typing import Any, Final

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.brain import FunctionDeclaration, Remark
from daemon.offline.service.context import Context
from daemon.offline.service.profiles import profile_of
from daemon.offline.service.setup_refusals import check_setup
from daemon.offline.session.activity import ActivityDetector, EnergyDetector
from daemon.offline.session.intake import AutomaticIntake, SampleStream
from daemon.offline.wire.client_messages import (
    ActivityEnd,
    ActivityStart,
    AudioChunk,
    AudioStreamEnd,
    ClientContent,
    ClientMessage,
    ContextUpdate,
    Detection,
    FunctionAnswer,
    RealtimeText,
    Setup,
    VideoFrame,
)
from daemon.offline.wire.mapping import (
    INVALID_PAYLOAD,
    REASON_BYTES,
    Choice,
    Kind,
    Message,
    Repeated,
    Scalar,
    WireError,
    encode,
    snake,
)
from daemon.offline.wire.protocol import ClientDecoder, json_schema
from daemon.offline.wire.schema import CLIENT_MESSAGE
from tests.fuzzing import fuzzed, integers, sampled

NAMES: Final = ["properties", "device", "state", "enum", "type", "items", "setup", "audio", "text", "scheduling"]


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


ODD: Final = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        "",
        "x",
        [],
        {},
        [[]],
        "\0",
        "\ud800",
        "1" * 400,
        2**31,
        2**63,
        10**400,
        -0.0,
        1e308,
    ),
    *(
        float("nan"),
        float("-inf"),
        "NaN",
        "models/",
        "audio/pcm;rate=0",
        "image/",
        "AUDIO",
        "object",
        "ünï",
        "🙈",
        "a\nb",
    ),
]
WRITTEN: Final = [*'{}[]":, \\u019dEeN', "NaN", "null", "true", "\ufeff", "setup", '{"setup":', '"model"', "\ud800"]


def anything(random: Random, depth: int = 0) -> Any:
    """A value that hardly fits anywhere."""
    if depth > 3 or random.random() < 0.6:
        return random.choice(ODD)
    inner = [anything(random, depth + 1) for _ in range(random.randrange(4))]
    return inner if random.random() < 0.5 else {random.choice(NAMES): item for item in inner}


def almost(kind: Kind, random: Random) -> Any:
    """What a field of `kind` may hold, or now and then anything else."""
    if random.random() < 0.07:
        return anything(random)
    match kind:
        case Message(fields):
            some = random.sample(sorted(fields), min(len(fields), random.randrange(4)))
            return {random.choice([name, snake(name)]): almost(fields[name], random) for name in some}
        case Repeated(item):
            return [almost(item, random) for _ in range(random.randrange(3))]
        case Choice(values):
            return random.choice(sorted(values))
        case Scalar.BYTES:
            return base64.b64encode(random.randbytes(random.randrange(9))).decode()
        case Scalar.TEXT:
            return random.choice(["m", "models/m", "audio/pcm", "audio/pcm;rate=24000", "image/png", "", "user", "🙈"])
        case Scalar.OPAQUE:
            return anything(random)
        case _:
            return random.choice([True, 1, 16_000, "5", -3, 0.5])


def frame_of(seed: int) -> str | bytes:
    """A client's message, nearly right or wrong altogether, in a text frame or a binary one."""
    random = Random(seed)  # noqa: S311
    kind = random.random()
    if kind < 0.15:
        return "".join(random.choices(WRITTEN, k=random.randrange(30)))
    if kind < 0.2:
        return random.randbytes(random.randrange(60))
    name = random.choice(sorted(CLIENT_MESSAGE.fields))
    content = almost(CLIENT_MESSAGE.fields[name], random)
    if name == "setup" and isinstance(content, dict):
        content.setdefault("model", "gemini-3.8-live")
    text = json.dumps({name: content} if kind < 0.9 else almost(CLIENT_MESSAGE, random))
    return text.encode() if random.random() < 0.3 else text


@fuzzed(seed=integers(0, 2**64), set_up=sampled(True, False))
def test_whatever_a_client_sends_is_a_message_or_a_refusal(seed: int, set_up: bool) -> None:
    """Nothing else comes out, and what was read can be used as it is."""
    decoder = ClientDecoder()
    if set_up:
        decoder.decode('{"setup": {"model": "gemini-3.8-live"}}')
    frame = frame_of(seed)
    refusal = None
    try:
        messages = decoder.decode(frame)
    except WireError as error:
        messages, refusal = [], error
    for message in messages:
        use(message)
    if refusal:
        assert refusal.code == INVALID_PAYLOAD
        assert 0 < len(refusal.reason.encode()) <= REASON_BYTES
        assert str(refusal).isprintable()


def use(message: ClientMessage) -> None:
    """Give it to whoever reads it next."""
    match message:
        case Setup():
            abilities(message.functions)
            with suppress(WireError):
                check_setup(message, profile_of(message.model), "v1alpha")
            if message.detection:
                AutomaticIntake(ActivityDetector(message.detection, EnergyDetector())).audio(AudioChunk(bytes(3_000)))
        case AudioChunk():
            SampleStream().feed(message)
        case FunctionAnswer():
            encode(message.response)
        case ClientContent():
            Context(1_000, None).tell(message.remarks, asked=True)
