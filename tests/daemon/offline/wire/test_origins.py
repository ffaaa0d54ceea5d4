"""Which pages may open a session, and what their browsers are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.offline.wire.origins import asking, is_origin, may_open, reading


@pytest.mark.parametrize(
    ("origin", "host", "admitted"),
    [
        (None, "127.0.0.1:8443", True),  # a program
        ("http://localhost:5173", "127.0.0.1:8080", True),
        ("https://app.localhost", "127.0.0.1:8080", True),
        ("http://127.0.0.2:3000", "127.0.0.1:8080", True),
        ("http://[::1]:3000", "[::1]:8080", True),
        ("HTTP://LOCALHOST", "127.0.0.1:8080", True),
        ("http://192.168.1.5:8080", "192.168.1.5:8080", True),  # some programs send the address they connect to
        ("file://", "127.0.0.1:8080", True),
        ("tauri://localhost", "127.0.0.1:8080", True),
        ("https://example.org", "127.0.0.1:8080", False),
        ("http://evil.example:8080", "evil.example:8080", False),  # a name that was bent to this machine
        ("http://192.168.1.6", "192.168.1.5:8080", False),
        ("http://localhost.example.org", "127.0.0.1:8080", False),
        ("http://127.0.0.1.example.org", "127.0.0.1:8080", False),
        ("http://notlocalhost", "127.0.0.1:8080", False),
        ("null", "127.0.0.1:8080", False),
        ("http://localhost@example.org", "127.0.0.1:8080", False),
        ("http://[::1", "127.0.0.1:8080", False),
        ("http://localhost, https://example.org", "127.0.0.1:8080", False),
        ("", "127.0.0.1:8080", False),
    ],
)
def test_pages_of_this_machine_and_programs(origin: str | None, host: str, admitted: bool) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert may_open(headers, ()) is admitted


@pytest.mark.parametrize(
    ("allowed", "origin", "admitted"),
    [
        (["https://example.org"], "https://example.org", True),
        (["https://Example.org"], "https://example.ORG", True),
        (["https://example.org"], "http://example.org", False),
        (["https://example.org"], "https://example.org:444", False),
        (["null"], "null", True),
        (["*"], "https://anywhere.example", True),
        (["*"], "null", True),
    ],
)
def test_others_are_named(allowed: list[str], origin: str, admitted: bool) -> None:
    assert may_open({"origin": origin}, allowed) is admitted


@pytest.mark.parametrize(
    ("text", "right"),
    [("*", True), ("null", True), ("https://a.b:8", True), ("app://", True), ("a.b", False), ("https://a/b", False)],
)
def test_what_an_origin_is(text: str, right: bool) -> None:
    assert is_origin(text) is right


def test_an_answer_is_for_the_page_that_asked() -> None:
    given = reading({"origin": "https://example.org"})
    assert given["Access-Control-Allow-Origin"] == "https://example.org"
    assert given["Vary"].startswith("Origin")
    assert "Access-Control-Allow-Credentials" not in given
    assert reading({}) == asking({}) == {}


def test_a_page_may_send_what_it_asks_for() -> None:
    headers = {"origin": "null", "access-control-request-headers": "content-type,x-goog-api-key"}
    assert asking(headers)["Access-Control-Allow-Headers"] == "content-type,x-goog-api-key"
    assert "POST" in asking(headers)["Access-Control-Allow-Methods"].split(",")


@given(st.text(), st.text(), st.text())
def test_nothing_odd_gets_into_an_answer(origin: str, wanted: str, host: str) -> None:
    headers = {"origin": origin, "access-control-request-headers": wanted, "host": host}
    assert isinstance(may_open(headers, ()), bool)
    for value in asking(headers).values():
        assert value.isascii()
        assert value.isprintable()
