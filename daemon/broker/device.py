"""The device's side: a token from the broker whenever a session opens, and what to say when there is none."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.broker.token_messages import DEVICE_PATH, TOKEN_PATH, Code
from daemon.conversation.causes import Cause
from daemon.conversation.no_session import NoSession
from daemon.live.tokens import Token
from daemon.trust import NoAuthority
from daemon.web.asking import Reply, StrangeAnswer, ask, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

DEADLINE_S: Final = 12.0
"""For the broker's answer; it asks the service itself, and gives that ten."""
REUSE_S: Final = 300.0
"""A token that has this much left may resume what it, or another, began: that is no use of it."""
LARGEST: Final = 1e11
"""Seconds; the year 5138, if they are a time."""
NOT_YET_VALID: Final = 9
"""X509_V_ERR_CERT_NOT_YET_VALID."""


class NoToken(NoSession):
    """The broker gave no token; `cause` is what the household is told."""

    def __init__(self, cause: Cause, message: str, fix: str) -> None:
        super().__init__(message, fix=fix)
        self.cause = cause


@dataclass(frozen=True)
class Welcome:
    """What the broker calls this device, and the model its tokens are for."""

    device: str
    model: str


class BrokerTokens:
    """Tokens for sessions with `model`, from the broker at `url`. A `daemon.live.tokens.TokenSource`.

    The last token is kept for as long as it may be used again to resume: so a conversation that goes on after a pause
    needs no broker.
    """

    def __init__(
        self,
        url: str,
        ca_file: str,
        secret: Callable[[], str],
        model: str,
        *,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """`secret` finds this device's secret, anew each time, or raises SecretMissing."""
        self._url = url
        self._ca_file = ca_file
        self._secret = secret
        self._model = model
        self._now = now
        self._wall = wall
        self._deadline_s = deadline_s
        self._kept: Token | None = None
        self._ends_at = 0.0
        self._not_before = 0.0

    async def token(self, *, resuming: bool) -> Token:
        """Raises NoToken, SecretMissing."""
        left_s = self._ends_at - self._now()
        if resuming and self._kept and left_s > REUSE_S:
            return Token(self._kept.name, left_s)
        if (wait_s := self._not_before - self._now()) > 0:
            raise self._too_often(wait_s)
        told = await self._ask(TOKEN_PATH)
        name, lasts_s, model = told.get("token"), _number(told.get("lasts_s")), told.get("model")
        if not (isinstance(name, str) and name and lasts_s > 0):
            raise self._strange("its token is none")
        if model != self._model:
            raise NoToken(
                Cause.SETUP_REFUSED,
                f"the token broker's tokens are for {str(model)[:60]}, and the settings want {self._model}",
                f'write model = "{str(model)[:60]}" in [live], here or on the broker\'s machine',
            )
        self._kept, self._ends_at = Token(name, lasts_s), self._now() + lasts_s
        return self._kept

    def refused(self) -> None:
        self._kept = None

    async def welcome(self) -> Welcome:
        """Ask who we are, for nothing. Raises NoToken, SecretMissing."""
        told = await self._ask(DEVICE_PATH)
        return Welcome(str(told.get("device", ""))[:40], str(told.get("model", ""))[:100])

    async def _ask(self, path: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {await asyncio.to_thread(self._secret)}"}
        try:
            context = await asyncio.to_thread(trust, self._ca_file)
            reply = await ask(
                "POST",
                self._url + path,
                context,
                headers=headers,
                body={"time": self._wall()},
                deadline_s=self._deadline_s,
            )
        except NoAuthority as error:
            raise NoToken(error.cause, error.message, "correct [live.credential] broker_ca_file") from None
        except (OSError, ValueError, StrangeAnswer) as error:
            raise self._unreachable(error) from None
        if reply.status == 200:
            return reply.body
        raise self._refusal(reply)

    def _unreachable(self, error: OSError | ValueError | StrangeAnswer) -> NoToken:
        match error:
            case StrangeAnswer():
                return self._strange(str(error))
            case ssl.SSLCertVerificationError(verify_code=code) if code == NOT_YET_VALID:
                return NoToken(
                    Cause.CLOCK,
                    f"the token broker's certificate is not valid yet: this clock says {_date(self._wall())}",
                    "set the clock, or wait until it is synchronised",
                )
            case ssl.SSLCertVerificationError():
                return NoToken(
                    Cause.CERTIFICATE,
                    f"the token broker's certificate is not trusted: {error.verify_message}",
                    "copy the broker's ca.pem again to where [live.credential] broker_ca_file says",
                )
            case ssl.SSLError():
                what = f"{self._url} does not speak TLS as a token broker does ({error.reason})"
                return NoToken(Cause.CERTIFICATE, what, "check [live.credential] broker")
            case ValueError():  # UnicodeError is one: the resolver's, of a name that its alphabet has not
                what = f"{self._url} names no host that there can be"
                return NoToken(Cause.BROKER, what, "correct [live.credential] broker")
            case TimeoutError():
                what = f"the token broker at {self._url} did not answer within {self._deadline_s:g} s"
            case _:
                what = f"the token broker at {self._url} cannot be reached: {error.strerror or type(error).__name__}"
        return NoToken(Cause.BROKER, what, "check that `pipit token-broker` runs there; `pipit doctor` asks it")

    def _strange(self, what: str) -> NoToken:
        return NoToken(
            Cause.BROKER,
            f"{self._url} does not answer as a token broker does: {what}",
            "check [live.credential] broker",
        )

    def _refusal(self, reply: Reply) -> NoToken:
        told = reply.body.get("error")
        error: Mapping[str, Any] = told if isinstance(told, dict) else {}
        match error.get("code"):
            case Code.UNAUTHORISED.value:
                return NoToken(
                    Cause.BROKER_REFUSED,
                    "the token broker does not know this device's secret",
                    "`pipit token-broker add-device` on its machine makes a new one",
                )
            case Code.RATE_LIMITED.value:
                wait_s = min(_number(error.get("retry_after_s")), 60.0)
                self._not_before = self._now() + wait_s
                return self._too_often(wait_s)
            case Code.CLOCK_SKEW.value:
                return self._skewed(_number(reply.body.get("time")))
            case Code.SERVICE_REFUSED.value | Code.BROKEN.value:
                return _of_the_service(error.get("cause"), str(error.get("message", ""))[:200])
        return self._strange(f"it said {reply.status}")

    def _too_often(self, wait_s: float) -> NoToken:
        what = f"the token broker gives no more tokens for {wait_s:.0f} s"
        return NoToken(Cause.OVERLOADED, what, "wait, or raise device_per_minute in [broker] on its machine")

    def _skewed(self, theirs: float) -> NoToken:
        ahead_s = self._wall() - theirs
        how = "ahead of" if ahead_s > 0 else "behind"
        return NoToken(
            Cause.CLOCK,
            f"this clock is {_duration(abs(ahead_s))} {how} the token broker's, which says {_date(theirs)}",
            "set whichever is wrong; `timedatectl` says whether it is synchronised",
        )


def _of_the_service(cause: Any, message: str) -> NoToken:
    known = {one.value: one for one in Cause}
    return NoToken(
        known.get(cause, Cause.BROKER),
        f"the token broker has no token: {message}",
        "look into its journal: journalctl -u pipit-token-broker",
    )


def _number(value: Any) -> float:
    """A number of JSON, of a size that can be calculated with; 0 for anything else."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= LARGEST else 0.0


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
