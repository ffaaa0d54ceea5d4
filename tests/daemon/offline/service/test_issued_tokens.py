"""Ephemeral tokens: who gets one, for how long, how often, and what of a setup it locks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from daemon.offline.service.issued_tokens import CAPACITY, Token, Tokens
from daemon.offline.wire.access import Admission, Visitor
from daemon.offline.wire.mapping import WireError
from daemon.web.http11 import Request

if TYPE_CHECKING:
    from daemon.web.http11 import Answer

NOW = 1_800_000_000.0
PATH = "/v1alpha/auth_tokens"
ASKED = {"model": "models/asked", "generationConfig": {"temperature": 1.5, "topP": 0.9}, "historyConfig": {}}


class Wall:
    """A wall clock that tests turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def at(seconds: float) -> str:
    return (datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=seconds)).isoformat()


def ask(tokens: Tokens, target: str = PATH, key: str = "right", method: str = "POST", **fields: Any) -> Answer | None:
    request = Request(method, target, {"x-goog-api-key": key}, json.dumps(fields).encode())
    return tokens.answer(request, Admission(keys={"right"}))


def issue(tokens: Tokens, **fields: Any) -> Token:
    answer = ask(tokens, **fields)
    assert answer is not None
    assert answer.status is HTTPStatus.OK, answer.body
    token = tokens.find(Visitor("v1alpha", frozenset({answer.body["name"]}), constrained=True))
    assert token is not None
    return token


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def tokens(wall: Wall) -> Tokens:
    return Tokens(wall)


class TestIssuing:
    @pytest.mark.parametrize("target", [PATH, "/v1beta/auth_tokens", "/some/proxy/v1alpha/auth_tokens"])
    def test_where_and_what(self, tokens: Tokens, target: str) -> None:
        answer = ask(tokens, target)
        assert answer is not None
        assert list(answer.body) == ["name"]
        assert answer.body["name"].startswith("auth_tokens/")

    @pytest.mark.parametrize(("target", "method"), [("/v1/auth_tokens", "POST"), ("/other", "POST"), (PATH, "DELETE")])
    def test_nowhere_else(self, tokens: Tokens, target: str, method: str) -> None:
        assert ask(tokens, target, method=method) is None

    @pytest.mark.parametrize(
        ("key", "status", "message"),
        [
            ("wrong", HTTPStatus.BAD_REQUEST, "API key not valid"),
            ("", HTTPStatus.FORBIDDEN, "Method doesn't allow unregistered callers"),
            ("auth_tokens/x", HTTPStatus.FORBIDDEN, "Method doesn't allow unregistered callers"),
        ],
    )
    def test_only_for_a_key(self, tokens: Tokens, key: str, status: HTTPStatus, message: str) -> None:
        answer = ask(tokens, key=key)
        assert answer is not None
        assert answer.status is status
        assert answer.body["error"]["message"].startswith(message)

    def test_the_defaults(self, tokens: Tokens) -> None:
        token = issue(tokens)
        assert (token.expires_at, token.new_session_until, token.uses_left) == (NOW + 1800, NOW + 60, 1)

    def test_as_the_python_sdk_writes_it(self, tokens: Tokens) -> None:
        token = issue(tokens, expireTime=at(600).replace("+00:00", "Z"), newSessionExpireTime=at(30), uses=3)
        assert (token.expires_at, token.new_session_until, token.uses_left) == (NOW + 600, NOW + 30, 3)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"expireTime": at(-1)}, "must be in the future"),
            ({"expireTime": at(20 * 3600 + 60)}, "Maximum lifetime is 20h"),
            ({"newSessionExpireTime": at(20 * 3600 + 60)}, "Maximum lifetime is 20h"),
            ({"expireTime": "tomorrow"}, "Invalid value at 'expire_time'"),
            ({"uses": -1}, "uses must not be negative"),
            ({"fieldMask": "model,,x"}, "field_mask"),
            ({"liveConnectConstraints": {}}, 'Unknown name "liveConnectConstraints": Cannot find field.'),
            ({"bidiGenerateContentSetup": {"modell": "m"}}, "Unknown name"),
        ],
    )
    def test_what_the_service_refuses(self, tokens: Tokens, fields: dict[str, Any], message: str) -> None:
        answer = ask(tokens, **fields)
        assert answer is not None
        assert answer.status is HTTPStatus.BAD_REQUEST
        assert message in answer.body["error"]["message"]

    def test_the_oldest_goes(self, tokens: Tokens) -> None:
        first = issue(tokens)
        for _ in range(CAPACITY):
            ask(tokens)
        with pytest.raises(WireError):
            tokens.find(Visitor("v1alpha", frozenset({first.name}), constrained=True))


class TestUsing:
    def test_once(self, tokens: Tokens) -> None:
        token = issue(tokens)
        tokens.begin(token, resuming=False)
        with pytest.raises(WireError, match="1011 Token has been used too many times"):
            tokens.begin(token, resuming=False)

    def test_a_resumption_is_no_use(self, tokens: Tokens) -> None:
        token = issue(tokens)
        for _ in range(3):
            tokens.begin(token, resuming=True)
        tokens.begin(token, resuming=False)
        tokens.begin(token, resuming=True)

    def test_no_limit(self, tokens: Tokens) -> None:
        token = issue(tokens, uses=0)
        for _ in range(5):
            tokens.begin(token, resuming=False)

    def test_new_sessions_have_their_own_time(self, tokens: Tokens, wall: Wall) -> None:
        token = issue(tokens)
        wall.now += 61
        with pytest.raises(WireError, match="1011 Token has expired"):
            tokens.begin(token, resuming=False)
        tokens.begin(token, resuming=True)

    def test_an_expired_one_does_not_even_resume(self, tokens: Tokens, wall: Wall) -> None:
        token = issue(tokens)
        wall.now += 1800
        assert tokens.left_s(token) == 0
        with pytest.raises(WireError, match="1011 Token has expired"):
            tokens.begin(token, resuming=True)

    def test_a_revoked_one(self, tokens: Tokens) -> None:
        token = issue(tokens)
        tokens.revoke()
        with pytest.raises(WireError, match="1008 Request had invalid authentication credentials"):
            tokens.find(Visitor("v1alpha", frozenset({token.name}), constrained=True))

    def test_the_plain_method_knows_no_tokens(self, tokens: Tokens) -> None:
        visitor = Visitor("v1alpha", frozenset({issue(tokens).name}))
        assert tokens.find(visitor) is None
        with pytest.raises(WireError, match="1008 Method doesn't allow unregistered callers"):
            Admission().check(visitor, "gemini-3.8-live")


class TestLocking:
    def test_without_a_setup_nothing(self, tokens: Tokens) -> None:
        assert issue(tokens).locked(ASKED) == ASKED

    def test_without_a_mask_everything(self, tokens: Tokens) -> None:
        token = issue(tokens, bidiGenerateContentSetup={"model": "models/m", "systemInstruction": {"parts": []}})
        assert token.locked(ASKED) == {"model": "models/m", "systemInstruction": {"parts": []}}

    def test_a_handle_is_no_configuration(self, tokens: Tokens) -> None:
        token = issue(tokens, bidiGenerateContentSetup={"model": "models/m", "sessionResumption": {}})
        resuming = {**ASKED, "sessionResumption": {"handle": "h"}}
        assert token.locked(resuming) == {"model": "models/m", "sessionResumption": {"handle": "h"}}

    @pytest.mark.parametrize("spelling", ["model,generationConfig.topP", "model,generation_config.top_p"])
    def test_with_a_mask_what_it_names(self, tokens: Tokens, spelling: str) -> None:
        setup = {"model": "models/m", "generationConfig": {"topP": 0.1, "temperature": 0}}
        token = issue(tokens, bidiGenerateContentSetup=setup, fieldMask=spelling)
        assert token.locked(ASKED) == {
            "model": "models/m",
            "generationConfig": {"temperature": 1.5, "topP": 0.1},
            "historyConfig": {},
        }

    def test_a_field_that_is_named_but_not_set_is_taken_away(self, tokens: Tokens) -> None:
        token = issue(tokens, bidiGenerateContentSetup={"model": "models/m"}, fieldMask="model,tools")
        assert "tools" not in token.locked({**ASKED, "tools": [{}]})
