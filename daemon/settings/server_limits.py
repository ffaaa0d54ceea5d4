"""What of a server for devices is allowed, and may be a mistake: a limit that another is reached before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


class Rates(Protocol):
    """The limits of a server."""

    @property
    def device_per_minute(self) -> int: ...
    @property
    def per_minute(self) -> int: ...


def warnings_of_rates(server: Rates, table: str) -> Iterator[Fault]:
    """Of the table of that name."""
    if server.device_per_minute > server.per_minute:
        yield never_reached((table, "device_per_minute"), server.device_per_minute, "per_minute", server.per_minute)


def never_reached(path: tuple[str, str], limit: float, other: str, lower: float) -> Fault:
    """A limit beside one that comes first."""
    return Fault(
        path, f"is never reached, for {other} is {lower:g}", f"raise {other}, or write at most {lower:g}, not {limit:g}"
    )
