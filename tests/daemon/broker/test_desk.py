"""What a broker answers: who is let in, who is not, and that neither is told more than needed."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from daemon.broker.enrolled import Devices
from daemon.broker.token_messages import DEVICE_PATH, TOKEN_PATH
from daemon.conversation.causes import Cause
from daemon.conversation.no_session import KeyMissing
from daemon.live.minting import NotMinted
from daemon.web.http11 import Answer, Request
from tests.daemon.broker.house import MODEL, NOON, Clocks, Mint, desk_of

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.broker.desk import Desk


class Office:
    """A desk, and what tests turn."""

    def __init__(self, folder: Path, **rules: Any) -> None:
        self.devices = Devices(folder / "devices")
        self.secret = self.devices.add("kitchen")
        self.mint, self.clocks = Mint(), Clocks()
        self.desk: Desk = desk_of(self.devices, self.mint, self.clocks, **rules)

    async def ask(
        self, path: str = TOKEN_PATH, secret: str | None = None, body: bytes | None = None, method: str = "POST"
    ) -> Answer:
        shown = self.secret if secret is None else secret
        content = json.dumps({"time": NOON}).encode() if body is None else body
        return await self.desk.answer(Request(method, path, {"authorization": f"Bearer {shown}"}, content))


def code(answer: Answer) -> str:
    return str(answer.body["error"]["code"])


async def test_a_known_device_gets_a_token(tmp_path: Path) -> None:
    answer = await Office(tmp_path).ask()
    assert answer.status is HTTPStatus.OK
    assert answer.body == {"token": "auth_tokens/1", "lasts_s": 1800.0, "model": MODEL, "time": NOON}


async def test_asking_who_one_is_takes_no_token(tmp_path: Path) -> None:
    office = Office(tmp_path)
    answer = await office.ask(DEVICE_PATH)
    assert answer.body == {"device": "kitchen", "model": MODEL, "time": NOON}
    assert office.mint.count == 0


@pytest.mark.parametrize("secret", ["", "kitchen:guess", "hall:x"])
async def test_strangers_get_nothing(tmp_path: Path, secret: str) -> None:
    office = Office(tmp_path)
    answer = await office.ask(secret=secret)
    assert (answer.status, code(answer)) == (HTTPStatus.UNAUTHORIZED, "unauthorised")
    assert office.mint.count == 0


async def test_who_is_no_device_is_not_told_of_clocks(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert code(await office.ask(secret="x", body=b"nonsense")) == "unauthorised"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"time": "noon"}',
        b'{"time": NaN}',
        b'{"time": [1]}',
        b'{"time": 1%s}' % (b"0" * 400),
        b"[" * 3000,
    ],
)
async def test_requests_that_are_none(tmp_path: Path, body: bytes) -> None:
    answer = await Office(tmp_path).ask(body=body)
    assert (answer.status, code(answer)) == (HTTPStatus.BAD_REQUEST, "bad_request")


@pytest.mark.parametrize(("method", "path"), [("GET", TOKEN_PATH), ("POST", "/"), ("POST", TOKEN_PATH + "/")])
async def test_elsewhere_is_nothing(tmp_path: Path, method: str, path: str) -> None:
    assert code(await Office(tmp_path).ask(path, method=method)) == "not_found"


@pytest.mark.parametrize(("skew_s", "well"), [(299, True), (-299, True), (301, False), (-301, False)])
async def test_clocks_may_differ_by_so_much(tmp_path: Path, skew_s: float, well: bool) -> None:
    office = Office(tmp_path)
    office.clocks.broker = NOON - skew_s
    answer = await office.ask()
    assert (answer.status is HTTPStatus.OK) is well
    assert answer.body["time"] == NOON - skew_s
    if not well:
        assert (code(answer), answer.body["error"]["ahead_s"]) == ("clock_skew", skew_s)


async def test_a_device_that_asks_too_often_waits_and_no_other_does(tmp_path: Path) -> None:
    office = Office(tmp_path)
    hall = office.devices.add("hall")
    for _ in range(3):
        assert (await office.ask()).status is HTTPStatus.OK
    office.clocks.passed = 20.5
    answer = await office.ask()
    assert (answer.status, code(answer)) == (HTTPStatus.TOO_MANY_REQUESTS, "rate_limited")
    assert answer.headers["Retry-After"] == "40"
    assert (await office.ask(secret=hall)).status is HTTPStatus.OK
    assert (await office.ask(DEVICE_PATH)).status is HTTPStatus.OK
    office.clocks.passed = 60.5
    assert (await office.ask()).status is HTTPStatus.OK


async def test_all_together_have_a_limit_too(tmp_path: Path) -> None:
    office = Office(tmp_path)
    secrets = [office.devices.add(f"device-{number}") for number in range(6)]
    answers = [await office.ask(secret=secret) for secret in secrets]
    assert [answer.status.value for answer in answers] == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("fault", "status", "expected", "cause"),
    [
        (NotMinted(Cause.KEY_REFUSED, "400 API key not valid"), 502, "service_refused", "key_refused"),
        (NotMinted(Cause.QUOTA, "429"), 502, "service_refused", "quota"),
        (KeyMissing("the key file /k does not exist", fix="x"), 503, "broken", "key_missing"),
    ],
)
async def test_what_the_service_says_is_told_by_its_cause_alone(
    tmp_path: Path, fault: Exception, status: int, expected: str, cause: str
) -> None:
    office = Office(tmp_path)
    office.mint.fault = fault
    answer = await office.ask()
    assert (answer.status.value, code(answer), answer.body["error"]["cause"]) == (status, expected, cause)
    assert "/k" not in json.dumps(answer.body)


async def test_a_file_of_devices_that_is_open_lets_nobody_in(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.devices.path.chmod(0o644)
    assert code(await office.ask()) == "broken"


async def test_what_is_logged_names_the_device_and_nothing_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office = Office(tmp_path)
    await office.ask()
    await office.ask(secret="kitchen:guessed")
    await office.ask("/v1/token/" + office.secret)
    await office.ask(body=b'{"time": 0}')
    assert "a token for kitchen" in caplog.text
    assert "nothing for somebody: unauthorised" in caplog.text
    assert "nothing for kitchen: clock_skew" in caplog.text
    for secret in (office.secret, "guessed", "auth_tokens"):
        assert secret not in caplog.text
