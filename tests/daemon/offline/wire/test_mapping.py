"""Spellings, alphabets and refusals of proto3 JSON."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.offline.wire.mapping import (
    NESTING,
    Choice,
    Kind,
    Message,
    Repeated,
    Scalar,
    WireError,
    cut,
    decode_base64,
    encode,
    parse,
    read,
    snake,
)
from daemon.offline.wire.schema import CLIENT_MESSAGE

OPAQUE_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    """Values that fit `kind`, with every field in its camelCase spelling."""
    match kind:
        case Message(fields):
            optional = {name: st.deferred(lambda field=field: values_of(field)) for name, field in fields.items()}
            return st.fixed_dictionaries({}, optional=optional)
        case Repeated(item):
            return st.lists(values_of(item), max_size=2)
        case Choice(values):
            return st.sampled_from(sorted(values))
        case Scalar.OPAQUE:
            return OPAQUE_VALUES.filter(lambda value: value is not None)
        case Scalar.BYTES:
            return st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode())
        case _:
            plain = {Scalar.TEXT: st.text(), Scalar.BOOL: st.booleans(), Scalar.INTEGER: st.integers(-(2**53), 2**53)}
            return plain.get(kind, st.floats(allow_nan=False, allow_infinity=False))


def recased(kind: Kind, value: Any, draw_snake: Any) -> Any:
    """`value` with some of its field names, as `draw_snake` decides, in snake_case."""
    match kind:
        case Message(fields):
            return {
                snake(name) if draw_snake() else name: recased(fields[name], item, draw_snake)
                for name, item in value.items()
            }
        case Repeated(item_kind):
            return [recased(item_kind, item, draw_snake) for item in value]
        case _:
            return value


class TestCasing:
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # how fast the machine is proves nothing
    @given(values_of(CLIENT_MESSAGE), st.randoms())
    def test_every_field_may_be_spelled_either_way(self, message: Any, random: Any) -> None:
        mixed = recased(CLIENT_MESSAGE, message, lambda: random.random() < 0.5)
        assert read(CLIENT_MESSAGE, mixed) == read(CLIENT_MESSAGE, message)

    def test_what_belongs_to_the_user_is_never_recased(self) -> None:
        response = {"snake_key": {"innerKey": 1, "other_key": [{"a_b": None}]}}
        message = {"tool_response": {"function_responses": [{"id": "1", "will_continue": True, "response": response}]}}
        answers = read(CLIENT_MESSAGE, message)["toolResponse"]["functionResponses"]
        assert answers == [{"id": "1", "willContinue": True, "response": response}]

    def test_snake_names_are_those_of_protobuf(self) -> None:
        assert [snake(name) for name in ("topK", "inputAudioTranscription", "setup")] == [
            "top_k",
            "input_audio_transcription",
            "setup",
        ]


class TestBase64:
    @given(st.binary(), st.booleans(), st.booleans())
    def test_either_alphabet_padded_or_not(self, data: bytes, url_safe: bool, padded: bool) -> None:
        text = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(data).decode()
        assert decode_base64(text if padded else text.rstrip("=")) == data

    @pytest.mark.parametrize("text", ["a", "!!!!", "ab c", "äöü=", "=AAAA"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            decode_base64(text)


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            (Scalar.INTEGER, "8000", 8000),  # how proto3 JSON writes 64-bit integers
            (Scalar.INTEGER, 40.0, 40),
            (Scalar.NUMBER, 3, 3.0),
            (Scalar.NUMBER, "0.5", 0.5),
            (Scalar.INTEGER, "9223372036854775807", 2**63 - 1),  # which no double holds
            (Scalar.INTEGER, -(2**63), -(2**63)),
            (Scalar.INTEGER, "1e3", 1000),
            (Choice(frozenset({"AUDIO"})), "audio", "AUDIO"),
            (Repeated(Scalar.TEXT), "alone", ["alone"]),
        ],
    )
    def test_accepted_forms(self, kind: Kind, value: Any, expected: Any) -> None:
        assert read(Message({"field": kind}), {"field": value}) == {"field": expected}

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (Scalar.INTEGER, True),
            (Scalar.INTEGER, 1.5),
            (Scalar.INTEGER, "many"),
            (Scalar.INTEGER, float("inf")),
            (Scalar.NUMBER, []),
            (Scalar.NUMBER, "NaN"),
            (Scalar.NUMBER, "1_000"),
            (Scalar.NUMBER, " 1"),
            (Scalar.NUMBER, 10**400),
            (Scalar.INTEGER, 2**63),
            (Scalar.INTEGER, "9" * 5_000),
            (Scalar.INTEGER, "٣"),
            (Scalar.TEXT, 1),
            (Scalar.BOOL, "yes"),
            (Scalar.BYTES, "*"),
            (Scalar.BYTES, 5),
            (Choice(frozenset({"AUDIO"})), "SMELL"),
            (Message(), []),
        ],
    )
    def test_what_does_not_fit_is_named(self, kind: Kind, value: Any) -> None:
        with pytest.raises(WireError, match=r"1007 Invalid value at 'some_field'"):
            read(Message({"someField": kind}), {"someField": value})

    def test_null_is_unset(self) -> None:
        assert read(Message({"field": Scalar.TEXT}), {"field": None}) == {}


class TestRefusals:
    def test_unknown_name_in_a_message(self) -> None:
        with pytest.raises(WireError) as refusal:
            read(CLIENT_MESSAGE, {"setup": {"model": "m", "colour": 1}})
        assert refusal.value.code == 1007
        assert (
            refusal.value.reason
            == "Invalid JSON payload received. Unknown name \"colour\" at 'setup': Cannot find field."
        )

    def test_unknown_name_at_the_top(self) -> None:
        with pytest.raises(WireError) as refusal:
            read(CLIENT_MESSAGE, {"hello": {}})
        assert refusal.value.reason == 'Invalid JSON payload received. Unknown name "hello": Cannot find field.'

    def test_path_of_a_nested_field_is_in_protobuf_spelling(self) -> None:
        tools = [{}, {"functionDeclarations": [{"nam": "f"}]}]
        with pytest.raises(WireError, match=r"at 'setup\.tools\[1\]\.function_declarations\[0\]'"):
            read(CLIENT_MESSAGE, {"setup": {"tools": tools}})

    @pytest.mark.parametrize("frame", ["", "{", b"\xff\xfe", "[" * 100_000])
    def test_no_json(self, frame: str | bytes) -> None:
        with pytest.raises(WireError, match="1007 Invalid JSON payload received"):
            parse(frame)

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5_000])
    @pytest.mark.parametrize(
        "message",
        [
            '{"setup": {"model": "m", "generationConfig": {"temperature": %s}}}',
            '{"setup": {"model": "m", "labels": {"a": [%s]}}}',
            '{"toolResponse": {"functionResponses": [{"id": "1", "response": {"level": %s}}]}}',
            '{"clientContent": {"turns": [{"parts": [{"functionCall": {"args": {"a": %s}}}]}]}}',
            '{"realtimeInput": {"audio": {"data": %s}}}',
        ],
    )
    def test_numbers_that_json_has_not(self, message: str, number: str) -> None:
        for frame in (message % number, (message % number).encode()):
            with pytest.raises(WireError, match=r"^1007 Invalid JSON payload received"):
                parse(frame)

    @pytest.mark.parametrize(
        "text", ['{"a": 1, "a": 1}', '{"a": {"b": 1, "c": 2, "b": null}}', '[{"a": 1, "\\u0061": 2}]']
    )
    def test_a_name_comes_once_in_an_object(self, text: str) -> None:
        with pytest.raises(WireError, match="twice"):
            parse(text)

    def test_however_it_is_spelt(self) -> None:
        content = {"turns": [], "turnComplete": True, "turn_complete": False}
        with pytest.raises(WireError, match=r"1007 .*client_content\.turn_complete is given twice"):
            read(CLIENT_MESSAGE, {"clientContent": content})

    @pytest.mark.parametrize("text", ['"\\ud800"', '{"\\udfff": 1}', '["a", {"b": "\\ud83d and no more"}]'])
    def test_half_a_character(self, text: str) -> None:
        with pytest.raises(WireError, match=r"^1007 Invalid JSON payload received\. It is no valid UTF-8"):
            parse(text)
        assert parse('"\\ud83d\\ude00"') == "\U0001f600"

    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
    def test_nesting_has_a_limit(self, opening: str, closing: str) -> None:
        parse(opening * NESTING + "0" + closing * NESTING)
        for depth in (NESTING + 1, 900, 100_000):
            with pytest.raises(WireError, match=r"^1007 Invalid JSON payload received\. Message too deep"):
                parse(opening * depth + "0" + closing * depth)

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
    def test_json_is_utf_8(self, encoding: str) -> None:
        with pytest.raises(WireError, match=r"^1007 Invalid JSON payload received"):
            parse('{"setup": {"model": "Übersetzer"}}'.encode(encoding))

    def test_what_the_client_sent_is_told_to_the_client_alone(self) -> None:
        with pytest.raises(WireError) as refusal:
            read(CLIENT_MESSAGE, {"realtimeInput": {"text": ["a secret"]}})
        assert refusal.value.reason.endswith('(TYPE_STRING), ["a secret"]')
        assert "secret" not in str(refusal.value)

    @given(st.text(min_size=100))
    def test_reasons_fit_into_a_close_frame(self, reason: str) -> None:
        assert len(cut(reason).encode()) <= 123
        assert reason.startswith(cut(reason))


def test_server_messages_are_indented_and_end_with_a_newline() -> None:
    assert encode({"setupComplete": {}}) == b'{\n  "setupComplete": {}\n}\n'


@given(OPAQUE_VALUES)
def test_text_and_binary_frames_are_the_same(value: Any) -> None:
    text = json.dumps(value)
    assert parse(text) == parse(text.encode()) == value
