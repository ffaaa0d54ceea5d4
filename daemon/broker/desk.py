"""What a broker answers to one request: who is it, may it, and then a token. No sockets here."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from daemon.broker.rates import RateLimit
from daemon.broker.token_messages import DEVICE_PATH, TOKEN_PATH, Code
from daemon.conversation.causes import Cause
from daemon.errors import PipitError
from daemon.web.http11 import Answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from daemon.broker.enrolled import Devices
    from daemon.live.tokens import Token
    from daemon.web.http11 import Request

log = logging.getLogger(__name__)

_STATUSES: Final = {
    Code.BAD_REQUEST: HTTPStatus.BAD_REQUEST,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.UNAUTHORISED: HTTPStatus.UNAUTHORIZED,
    Code.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Code.CLOCK_SKEW: HTTPStatus.CONFLICT,
    Code.SERVICE_REFUSED: HTTPStatus.BAD_GATEWAY,
    Code.BROKEN: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is granted. `model` is what every token is locked to."""

    model: str
    device_per_minute: int
    per_minute: int
    clock_tolerance_s: float


class _Refused(Exception):
    """An answer that is a no."""

    def __init__(self, code: Code, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.body = {"code": code.value, "message": message, **more}


class Desk:
    """Answers requests; `mint` makes a token, or raises NoSession with the cause."""

    def __init__(
        self,
        devices: Devices,
        rules: Rules,
        mint: Callable[[], Awaitable[Token]],
        *,
        wall: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        """`wall` is the time of day in Unix seconds, `now` a clock that only goes forward."""
        self._devices = devices
        self._rules = rules
        self._mint = mint
        self._wall = wall
        self._now = now
        self._all = RateLimit(rules.per_minute, now)
        self._each: dict[str, RateLimit] = {}

    async def answer(self, request: Request) -> Answer:
        """Never raises for what a request holds. What is logged names the device, never what it showed or got."""
        who = "somebody"
        try:
            _known_path(request)
            who = await self._recognised(request)
            body = await self._granted(who, request)
            return Answer(HTTPStatus.OK, {**body, "time": self._wall()})
        except _Refused as refused:
            log.info("nothing for %s: %s", who, refused.code.value)
            wait = refused.body.get("retry_after_s")
            headers = {} if wait is None else {"Retry-After": str(math.ceil(wait))}
            return Answer(_STATUSES[refused.code], {"error": refused.body, "time": self._wall()}, headers)

    async def _granted(self, device: str, request: Request) -> Mapping[str, Any]:
        self._compare_clocks(_time_in(request.body))
        if request.path == DEVICE_PATH:
            return {"device": device, "model": self._rules.model}
        self._limit(device)
        token = await self._minted(device)
        return {"token": token.name, "lasts_s": token.lasts_s, "model": self._rules.model}

    async def _recognised(self, request: Request) -> str:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        try:
            device = await asyncio.to_thread(self._devices.recognise, secret.strip())
        except PipitError as error:
            log.error("nobody is let in: %s", error)  # noqa: TRY400 - a sentence with its fix says more than a traceback
            raise _Refused(Code.BROKEN, "the broker cannot read its file of devices") from None
        if scheme.lower() != "bearer" or device is None:
            raise _Refused(Code.UNAUTHORISED, "this secret is not known here")
        return device

    def _compare_clocks(self, time: float) -> None:
        ahead_s = time - self._wall()
        if abs(ahead_s) > self._rules.clock_tolerance_s:
            raise _Refused(Code.CLOCK_SKEW, "the clocks of device and broker differ too much", ahead_s=ahead_s)

    def _limit(self, device: str) -> None:
        own = self._each.setdefault(device, RateLimit(self._rules.device_per_minute, self._now))
        if wait_s := max(own.wait_s(), self._all.wait_s()):
            raise _Refused(Code.RATE_LIMITED, "too many tokens within a minute", retry_after_s=round(wait_s, 1))
        own.count()
        self._all.count()

    async def _minted(self, device: str) -> Token:
        try:
            token = await self._mint()
        except PipitError as error:
            log.warning("no token for %s: %s", device, error)
            cause = getattr(error, "cause", Cause.SETUP_REFUSED)
            if cause is Cause.KEY_MISSING:
                raise _Refused(Code.BROKEN, "the broker has no API key", cause=cause.value) from None
            raise _Refused(Code.SERVICE_REFUSED, "the service made no token", cause=cause.value) from None
        log.info("a token for %s, for %d s", device, token.lasts_s)
        return token


def _known_path(request: Request) -> None:
    if request.method != "POST" or request.path not in {TOKEN_PATH, DEVICE_PATH}:
        raise _Refused(Code.NOT_FOUND, "there is nothing here")


def _time_in(body: bytes) -> float:
    try:
        time = float(json.loads(body)["time"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        time = math.nan
    if not math.isfinite(time):
        raise _Refused(Code.BAD_REQUEST, 'the request must be {"time": …}, in seconds')
    return time
