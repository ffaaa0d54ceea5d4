"""Who may come in: a device by its secret, so often a minute, and so many sessions at a time. No sockets here."""

from __future__ import annotations

import asyncio
import logging
import math
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Final

from daemon.broker.rates import RateLimit
from daemon.errors import PipitError
from daemon.home_server.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.broker.enrolled import Devices
    from daemon.home_server.settings import HomeServerSettings
    from daemon.offline.wire.access import Visitor

log = logging.getLogger(__name__)

SECRETS_TRIED: Final = 3
"""Of one request, which has three places for one."""


class TurnedAway(Exception):
    """A request that is answered by a status and a sentence."""

    def __init__(self, status: HTTPStatus, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {"Retry-After": str(math.ceil(retry_after_s))} if retry_after_s else {}


class Doorkeeper:
    """`now` is a clock that only goes forward, in seconds."""

    def __init__(self, devices: Devices, limits: HomeServerSettings, now: Callable[[], float]) -> None:
        self._devices = devices
        self._limits = limits
        self._now = now
        self._all = RateLimit(limits.per_minute, now)
        self._each: dict[str, RateLimit] = {}
        self.places: Final = Places(limits)
        self._strangers = 0

    async def recognised(self, visitor: Visitor) -> str:
        """The name of the device whose secret `visitor` shows. Raises TurnedAway; logs no word of what was shown."""
        for secret in islice(sorted(visitor.keys), SECRETS_TRIED):
            try:
                if device := await asyncio.to_thread(self._devices.recognise, secret):
                    return device
            except PipitError as error:
                log.error("nobody is let in: %s", error)  # noqa: TRY400 - a sentence with its fix says more
                raise TurnedAway(HTTPStatus.SERVICE_UNAVAILABLE, "the file of devices cannot be read") from None
        self._strangers += 1
        if self._strangers.bit_count() == 1:  # the first, second, fourth …: they must not fill the journal
            log.warning("somebody with a secret that is not known here is turned away (%d so far)", self._strangers)
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "this secret is not known here")

    def count(self, device: str) -> None:
        """One more session of `device` begins. Raises TurnedAway if that is too often."""
        own = self._each.setdefault(device, RateLimit(self._limits.device_per_minute, self._now))
        if wait_s := max(own.wait_s(), self._all.wait_s()):
            log.warning("%s opens too many sessions within a minute", device)
            raise TurnedAway(HTTPStatus.TOO_MANY_REQUESTS, "too many sessions within a minute", wait_s)
        own.count()
        self._all.count()
