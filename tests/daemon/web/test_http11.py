"""Requests read and answers written, byte by byte and within bounds."""

from __future__ import annotations

import json
from http import HTTPStatus

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.web.http11 import Answer, BadRequest, Exchange, Request

HEAD = b"POST /v1/token?a=b HTTP/1.1\r\nHost: here\r\nX-Device: Kitchen\r\nContent-Length: 4\r\n\r\n"
WHOLE = HEAD + b"body"


def feed(exchange: Exchange, *pieces: bytes) -> Request | None:
    request = None
    for piece in pieces:
        request = exchange.feed(piece)
    return request


@given(st.lists(st.integers(1, len(WHOLE) - 1), max_size=8, unique=True).map(sorted))
def test_a_request_may_be_cut_anywhere(cuts: list[int]) -> None:
    pieces = [WHOLE[start:end] for start, end in zip([0, *cuts], [*cuts, len(WHOLE)], strict=True)]
    request = feed(Exchange(), *pieces)
    assert request is not None
    assert (request.method, request.path, request.body) == ("POST", "/v1/token", b"body")
    assert request.headers["x-device"] == "Kitchen"


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([b"\x00\x01\r\n\r\n"], HTTPStatus.BAD_REQUEST),
        ([b"GET /" + b"x" * 9_000], HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        ([HEAD.replace(b": 4", b": 17"), b"x" * 17], HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ],
    ids=["garbage", "head", "body"],
)
def test_what_cannot_be_read_says_why_and_can_be_answered(pieces: list[bytes], status: HTTPStatus) -> None:
    exchange = Exchange(body_bytes=16)
    with pytest.raises(BadRequest) as caught:
        feed(exchange, *pieces)
    assert caught.value.status is status
    assert exchange.answer(Answer(status, {})).startswith(b"HTTP/1.1 " + str(status.value).encode())


def test_an_answer_is_json_closes_and_is_not_to_be_stored() -> None:
    exchange = Exchange()
    feed(exchange, WHOLE)
    raw = exchange.answer(Answer(HTTPStatus.TOO_MANY_REQUESTS, {"code": "slow"}, {"Retry-After": "7"}))
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("Host", "h")]))
    client.send(h11.EndOfMessage())
    client.receive_data(raw)
    head, body = client.next_event(), client.next_event()
    assert isinstance(head, h11.Response)
    assert isinstance(body, h11.Data)
    fields = dict(head.headers)
    assert (head.status_code, fields[b"retry-after"], fields[b"connection"]) == (429, b"7", b"close")
    assert fields[b"cache-control"] == b"no-store"
    assert json.loads(body.data) == {"code": "slow"}


def test_what_is_secret_is_not_shown() -> None:
    request = feed(Exchange(), WHOLE)
    assert "Kitchen" not in repr(request)
    assert "body" not in repr(request).replace("body=", "")


def answered(exchange: Exchange, data: bytes) -> bool:
    """Whether `data` is waited on, or can be answered, request or not."""
    try:
        request = exchange.feed(data) if data else None
        answer = Answer(HTTPStatus.NOT_FOUND, {"a": 1}) if request else None
    except BadRequest as error:
        answer = Answer(error.status, {})
    return answer is None or exchange.answer(answer).startswith(f"HTTP/1.1 {answer.status.value}".encode())


METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "X-Y"])
FIELDS = st.sampled_from(
    [
        "Connection: close",
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Expect: 100-continue",
        "Content-Length: 0",
        "Content-Length: 3",
        "Content-Length: -1",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
        "Host: again",
        "no field",
    ]
)


@given(
    METHODS,
    st.sampled_from(["/", "*", "h:1", "https://h/", "/ü"]),
    st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2"]),
    st.lists(FIELDS, max_size=4),
    st.binary(max_size=40),
)
def test_whatever_comes_is_a_request_or_is_refused_and_can_be_answered(
    method: str, target: str, version: str, fields: list[str], rest: bytes
) -> None:
    """A server that a stranger's bytes can end would be no server."""
    head = "\r\n".join([f"{method} {target} {version}", "Host: h", *fields, "", ""]).encode()
    assert answered(Exchange(body_bytes=16), head + rest)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_waited_for(noise: bytes) -> None:
    assert answered(Exchange(), noise)
