"""Where the client's speaker would be: sound is sent up to a little ahead of it, and the turn ends when it is done."""

from daemon.offline.service.server_options import Delivery
from daemon.offline.wire.client_socket import Link


class Playback:
    """Holds a reply back to the pace at which it is heard; without `realtime` it holds nothing back."""

    def __init__(self, link: Link, delivery: Delivery) -> None:
        self._link = link
        self._delivery = delivery
        self._ahead_s = 0.0  # sound sent and not yet heard
        self._sent_s = 0.0
        self._seen_s = link.now()

    async def before(self) -> None:
        """Wait until the next piece of sound may be sent."""
        await self._until((self._delivery.lead_ms or 0) / 1000)

    def sent(self, seconds: float) -> None:
        """`seconds` of sound have been sent."""
        self._catch_up()
        self._sent_s += seconds
        self._ahead_s += seconds

    @property
    def sent_s(self) -> float:
        """Seconds of sound that were sent so far."""
        return self._sent_s

    @property
    def heard_s(self) -> float:
        """Seconds of sound that were heard so far, had they been played as they came; without `realtime` all of it."""
        if not self._delivery.realtime:
            return self._sent_s
        self._catch_up()
        return self._sent_s - self._ahead_s

    async def end(self) -> None:
        """Wait until everything has been heard."""
        await self._until(0)

    async def _until(self, ahead_s: float) -> None:
        self._catch_up()
        wait_s = self._ahead_s - ahead_s
        if not self._delivery.realtime or wait_s <= 0:
            return
        await self._link.sleep(wait_s)
        self._ahead_s, self._seen_s = ahead_s, self._link.now()  # by what was slept: a clock may run at another pace

    def _catch_up(self) -> None:
        """Sound goes on playing while the brain thinks."""
        now_s = self._link.now()
        self._ahead_s, self._seen_s = max(0.0, self._ahead_s - (now_s - self._seen_s)), now_s
