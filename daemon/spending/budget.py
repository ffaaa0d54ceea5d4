"""What may be spent: limits for a day and a month, a warning before, and a refusal when one is reached.

A limit is passed by one turn at most: what a turn costs is known when it is over, and none is begun after that. What
the service has not reported, because the session was cut before it could, is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from daemon.conversation.causes import Notice
from daemon.conversation.no_session import BudgetSpent
from daemon.spending.prices import micro

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTH: Final = len("YYYY-MM")
DAY: Final = len("YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class Limit:
    """So much in each period, in micro-units; `digits` of a date name the period."""

    setting: str
    period: str
    digits: int
    amount: int
    notice: Notice


def at_least_one(money: float) -> int:
    """`money` in micro-units; a limit that rounds to nothing is not the same as none."""
    return max(1, micro(money)) if money > 0 else 0


class Account(Protocol):
    """What was spent; see `daemon.spending.usage_book`."""

    @property
    def day(self) -> str: ...
    def spent(self, period: str) -> int: ...


class Budget:
    """Compares what was spent with what may be. A limit of 0 is none; `warn_at` is a share of each."""

    def __init__(self, usage: Account, *, daily: float = 0.0, monthly: float = 0.0, warn_at: float = 0.8) -> None:
        limits = (
            Limit("daily_limit", "day", DAY, at_least_one(daily), Notice.DAY_NEARLY_SPENT),
            Limit("monthly_limit", "month", MONTH, at_least_one(monthly), Notice.MONTH_NEARLY_SPENT),
        )
        self._usage = usage
        self._limits = tuple(limit for limit in limits if limit.amount)
        self._warn_at = warn_at
        self._warned: dict[Notice, str] = {}
        for limit in self._near():  # was said before the restart
            self._warned[limit.notice] = self._period(limit)

    @property
    def reached(self) -> bool:
        """Whether nothing more may be spent now."""
        return any(self._spent(limit) >= limit.amount for limit in self._limits)

    def check(self) -> None:
        """Raises BudgetSpent."""
        for limit in self._limits:
            if self._spent(limit) >= limit.amount:
                raise BudgetSpent(
                    f"the limit of this {limit.period} ({self._period(limit)}) is spent",
                    fix=f"wait for the next {limit.period}, or raise {limit.setting} in [usage]",
                )

    def notice(self) -> Notice | None:
        """What the household should hear now: each once in its period, and not when it is too late."""
        if self.reached:
            return None
        for limit in self._near():
            if self._warned.get(limit.notice) != self._period(limit):
                self._warned[limit.notice] = self._period(limit)
                return limit.notice
        return None

    def _near(self) -> Iterator[Limit]:
        for limit in self._limits:
            if self._spent(limit) >= round(limit.amount * self._warn_at):
                yield limit

    def _period(self, limit: Limit) -> str:
        return self._usage.day[: limit.digits]

    def _spent(self, limit: Limit) -> int:
        return self._usage.spent(self._period(limit))
