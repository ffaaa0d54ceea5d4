"""Where a scenario has a connection end."""

from daemon.offline.service.faults import AbortSocket, Loss, LossPoint, SocketEnd
from daemon.offline.wire.client_socket import Link


class Losses:
    """Ends one connection at the point its scenario names."""

    def __init__(self, link: Link, loss: Loss | None) -> None:
        self._link = link
        self._loss = loss
        self._audio_bytes = 0

    async def at(self, point: LossPoint) -> None:
        """End the connection if it is to be lost here."""
        if self._loss and self._loss.during == point:
            await self.end(self._loss.end)

    async def audio(self, size: int) -> None:
        """`size` bytes of sound have come: that may have been enough."""
        self._audio_bytes += size
        if self._loss and self._audio_bytes >= self._loss.after_audio_bytes:
            await self.at("activity")

    async def end(self, end: SocketEnd) -> None:
        """End the connection in this way."""
        if isinstance(end, AbortSocket):
            self._link.abort()
        else:
            await self._link.close(end.close, end.reason)
