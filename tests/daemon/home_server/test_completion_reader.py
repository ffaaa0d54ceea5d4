"""What a server streams, however it is cut; and that no server can fill the memory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from daemon.home_server.completion_reader import (
    LARGEST_ANSWER_BYTES,
    LONGEST_TEXT,
    MOST_CALLS,
    CompletionReader,
    ThinkerTrouble,
    Wanted,
)
from tests.daemon.home_server.scripted_endpoint import END, call, event, text

ANSWER = event(role="assistant") + text("Grüß ", "Gott.") + b": a comment\n\nretry: 10\n\n"


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_text_comes_as_it_was_sent_however_it_is_cut(size: int) -> None:
    reader, data = CompletionReader(), ANSWER.replace(b"\n", b"\r\n")
    pieces = [piece for at in range(0, len(data), size) for piece in reader.feed(data[at : at + size])]
    assert "".join(pieces) == "Grüß Gott."
    assert reader.is_over


def test_calls_are_put_together_from_their_pieces() -> None:
    reader = CompletionReader()
    data = call("set_device", '{"device": "lamp"}') + call("list_devices", "{}", "call_2", 1) + END
    assert list(reader.feed(data)) == []
    first, second = Wanted("call_1", "set_device", '{"device": "lamp"}'), Wanted("call_2", "list_devices", "{}")
    assert reader.calls == [first, second]


def _whole(name: str, arguments: Any, **more: Any) -> bytes:
    return event(tool_calls=[{**more, "function": {"name": name, "arguments": arguments}}])


@pytest.mark.parametrize("more", [{}, {"index": 0}, {"index": 0, "id": ""}])
def test_calls_that_are_numbered_alike_or_not_at_all_stay_apart(more: dict[str, Any]) -> None:
    reader = CompletionReader()
    data = _whole("f", "{}", **more) + _whole("f", '{"x": 1}', **more) + _whole("g", "", **more)
    list(reader.feed(data + END))
    assert [(call.name, call.read()) for call in reader.calls] == [("f", {}), ("f", {"x": 1}), ("g", {})]


def test_calls_without_arguments_are_told_apart_by_their_ids() -> None:
    reader = CompletionReader()
    list(reader.feed(_whole("f", "", index=0, id="a") + _whole("f", "", index=0, id="b") + END))
    assert [call.id for call in reader.calls] == ["a", "b"]


def test_a_piece_with_an_id_of_its_own_is_no_call() -> None:
    reader = CompletionReader()
    piece = {"index": 0, "id": "b", "function": {"arguments": "1}"}}
    list(reader.feed(_whole("f", '{"x": ', index=0, id="a") + event(tool_calls=[piece]) + END))
    assert reader.calls == [Wanted("a", "f", '{"x": 1}')]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        *(({"x": 1}, {"x": 1}), ("null", {}), (" ", {}), (None, {})),
        *(('{"x": NaN}', None), ('{"x": 1e999}', None), ('{"x": 1, "x": 2}', None), (r'{"x": "\ud83d"}', None)),
    ],
)
def test_arguments_are_an_object_that_a_device_can_be_sent(given: Any, read: Any) -> None:
    reader = CompletionReader()
    list(reader.feed(_whole("f", given) + END))
    assert [call.read() for call in reader.calls] == [read]


def test_half_a_surrogate_pair_is_left_out() -> None:
    reader = CompletionReader()
    assert "".join(reader.feed(text("Hi \ud83d", "\ude00 there"))) == "Hi  there"
    list(reader.feed(_whole("f\udc00", "\ud83d{}", id="\ud83d")))
    assert reader.calls == [Wanted("", "f", "{}")]


def test_a_byte_order_mark_hides_nothing() -> None:
    assert list(CompletionReader().feed(b"\xef\xbb\xbf" + text("Hi."))) == ["Hi."]


def test_an_answer_in_one_piece_is_read_too() -> None:
    whole = {"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]}
    reader = CompletionReader()
    assert list(reader.feed(b"data: " + json.dumps(whole).encode() + b"\n")) == ["Yes."]
    assert reader.is_over


@pytest.mark.parametrize(
    "told",
    [
        *(1, "x", [], None, {}, {"choices": 3}, {"choices": []}, {"choices": [3]}, {"choices": [{"delta": 3}]}),
        {"choices": [{"delta": {"content": 3}}]},
        {"choices": [{"delta": {"tool_calls": 3}}]},
        {"choices": [{"delta": {"reasoning_content": "hm"}}]},
    ],
)
def test_what_is_strange_counts_as_not_sent(told: Any) -> None:
    reader = CompletionReader()
    assert list(reader.feed(b"data: " + json.dumps(told).encode() + b"\n\n" + text("Well."))) == ["Well."]
    assert reader.calls == []


def test_what_is_no_json_counts_as_not_sent() -> None:
    reader = CompletionReader()
    assert list(reader.feed(b"data: {\n\ndata: \xff\n\ndata: " + b"[" * 100_000 + b"\n\n" + text("Well."))) == ["Well."]


def test_an_answer_is_cut_where_nobody_would_listen_any_more() -> None:
    reader = CompletionReader()
    said = "".join(reader.feed(text(*["x" * 9_000] * 5)))
    assert len(said) == LONGEST_TEXT
    long = {"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "x" * 9_000}}]}
    list(reader.feed(event(**long) * 5))
    assert len(reader.calls[0].arguments) == LONGEST_TEXT


def test_there_are_so_many_calls_and_no_more() -> None:
    reader = CompletionReader()
    list(reader.feed(b"".join(call("f", "{}", index=index) for index in range(100))))
    assert len(reader.calls) == MOST_CALLS


def test_a_stream_without_end_is_given_up() -> None:
    reader, much = CompletionReader(), b": thinking\n" * 10_000
    for _ in range(LARGEST_ANSWER_BYTES // len(much)):
        list(reader.feed(much))
    with pytest.raises(ThinkerTrouble, match="more than an answer can be"):
        list(reader.feed(much))
