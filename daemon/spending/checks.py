"""Limits of the budget that could not be kept, for nobody knows what the model costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.settings.problems import Fault
from daemon.spending.prices import price_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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


def _priced(prices: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    """The beginnings of names that the settings give a price."""
    for _, price in prices:
        if isinstance(price.get("model"), str):
            yield price["model"]
