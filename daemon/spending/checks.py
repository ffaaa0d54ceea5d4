"""Limits of the budget that could not be kept, or that do nothing beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.settings.problems import Fault
from daemon.settings.server_limits import never_reached
from daemon.spending.prices import price_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daemon.spending.settings import UsageSettings


def faults_of_limits(
    usage: Mapping[str, Any], model: Any, prices: Iterable[tuple[int, Mapping[str, Any]]]
) -> Iterator[Fault]:
    """Of the raw table of `[usage]`, with the model of `[live]` and the tables of `[[price]]`."""
    if not isinstance(model, str) or price_of(model, "") or any(map(model.startswith, _priced(prices))):
        return
    for name in ("daily_limit", "monthly_limit"):
        if usage.get(name):
            what = f'cannot be kept, for "{model}" has no price here'
            yield Fault(("usage", name), what, "add a [[price]] for it, or remove the limit")


def warnings_of_limits(usage: UsageSettings) -> Iterator[Fault]:
    """A day that may cost more than its month."""
    if usage.daily_limit > usage.monthly_limit > 0:
        yield never_reached(("usage", "daily_limit"), usage.daily_limit, "monthly_limit", usage.monthly_limit)


def _priced(prices: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    """The beginnings of names that the settings give a price."""
    for _, price in prices:
        if isinstance(price.get("model"), str):
            yield price["model"]
