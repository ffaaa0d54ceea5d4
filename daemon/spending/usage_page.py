"""`pipit usage`: what was spent, as a page for people or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from daemon.spending.budget import DAY, MONTH
from daemon.spending.prices import MICRO, micro
from daemon.spending.spending import Sum, booked, by_period, with_recycling
from daemon.spending.taken_back import of_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from daemon.spending.settings import UsageSettings
    from daemon.spending.taken_back import TakenBack

SUGGESTED_TOKENS: Final = 10_000
"""What recycling is reckoned with where the settings do not recycle: some five minutes of talk."""

BAR: Final = 24
"""Characters of the longest bar."""
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"

Shown = Literal["today", "month", "both", "by_day"]


@dataclass(frozen=True, slots=True)
class Overview:
    """The sums of every day and month, and what the page compares them with; `today` is YYYY-MM-DD."""

    today: str
    days: Mapping[str, Sum]
    months: Mapping[str, Sum]
    limits: UsageSettings
    taken_back: Sequence[TakenBack] = ()
    """What was asked in a pause that did not last; it is in the sums, too."""
    damaged: int = 0
    """Turns that the state file cannot tell any more: what they cost is in none of the sums."""

    @property
    def recycle_tokens(self) -> int:
        return self.limits.recycle_tokens or SUGGESTED_TOKENS


def overview(folder: Path, today: str, limits: UsageSettings) -> Overview:
    """Raises StateError. The day is that of the newest entry while the clock is behind it, as in the budget."""
    entries, damaged, early = booked(folder)
    spared = with_recycling(entries, limits.recycle_tokens or SUGGESTED_TOKENS)
    newest = max((entry.day for entry in entries), default="")
    days, months = (by_period(entries, spared, digits) for digits in (DAY, MONTH))
    return Overview(max(today, newest), days, months, limits, early, damaged)


def as_json(view: Overview, shown: Shown) -> str:
    """Money in whole micro-units, so that nothing is lost."""
    day, month = view.today, view.today[:MONTH]
    document: dict[str, Any] = {"currency": view.limits.currency, "recycle_tokens": view.recycle_tokens}
    if view.damaged:
        document["turns_damaged"] = view.damaged
    if shown in {"today", "both"}:
        document["today"] = _figures(view, day, view.days.get(day, Sum()), view.limits.daily_limit)
    if shown in {"month", "both"}:
        document["month"] = _figures(view, month, view.months.get(month, Sum()), view.limits.monthly_limit)
    if shown == "by_day":
        document["days"] = [_figures(view, name, total, view.limits.daily_limit) for name, total in view.days.items()]
    return json.dumps(document, ensure_ascii=False)


def _figures(view: Overview, period: str, total: Sum, limit: float) -> dict[str, Any]:
    early = of_period(view.taken_back, period)
    return {
        "period": period,
        "turns": total.turns,
        "tokens": asdict(total.tokens),
        "context_again_tokens": total.again,
        "cost_micro": total.cost,
        "context_again_cost_micro": total.again_cost,
        "recycling_spares_micro": total.spared,
        "taken_back_turns": early.turns,
        "taken_back_tokens": early.tokens,
        "taken_back_cost_micro": early.cost,
        "turns_without_price": total.unpriced,
        "limit_micro": micro(limit),
    }


def as_text(view: Overview, shown: Shown) -> str:
    if shown == "by_day":
        return "\n".join([*_plot(view), *_damaged(view)]) or "nothing was used yet"
    day, month = view.today, view.today[:MONTH]
    blocks = []
    if shown in {"today", "both"}:
        blocks.append(_block(f"today {day}", view.days.get(day, Sum()), view.limits.daily_limit, view))
    if shown in {"month", "both"}:
        blocks.append(_block(f"month {month}", view.months.get(month, Sum()), view.limits.monthly_limit, view))
    return "\n\n".join("\n".join(block) for block in [*blocks, *filter(None, [_damaged(view)])])


def _damaged(view: Overview) -> list[str]:
    turns = _count(view.damaged, "turn")
    return [f"cost not known of {turns} that the state file cannot tell any more: damaged"] if view.damaged else []


def _block(title: str, total: Sum, limit: float, view: Overview) -> Iterator[str]:
    currency, tokens = view.limits.currency, total.tokens
    spent, most = _told_apart(total.cost, micro(limit), currency)
    of_limit = f" of {most} ({percent(total.cost, micro(limit))})" if limit else ""
    yield f"{title}   {_count(total.turns, 'turn')}   {spent}{of_limit}"
    yield f"  in     text {tokens.text_in:,}   sound {tokens.audio_in:,}   pictures {tokens.image_in:,}   (tokens)"
    yield f"  out    text {tokens.text_out:,}   sound {tokens.audio_out:,}"
    share = percent(total.again_cost, total.cost)
    yield f"  again  {total.again:,} tokens billed again, {money(total.again_cost, currency)}, {share} of all"
    yield f"  spare  {money(total.spared, currency)} by recycle_tokens = {view.recycle_tokens}{_whether(view)}"
    if (early := of_period(view.taken_back, title.split()[-1])).turns:
        went = f"{_count(early.turns, 'report')} of turns that went on after a pause"
        yield f"  early  {early.tokens:,} tokens, {money(early.cost, currency)}, in {went}: [listening] eager"
    if total.unpriced:
        without = f"{_count(total.unpriced, 'turn')} of a model without a price"
        yield f"  cost not known of {without}: add a [[price]] to the settings"


def _whether(view: Overview) -> str:
    return ", on top of what it has spared" if view.limits.recycle_tokens else ", which is off"


def _plot(view: Overview) -> Iterator[str]:
    """A line a day, its bar as long as its cost."""
    most = max((total.cost for total in view.days.values()), default=0)
    amounts = {name: money(total.cost, view.limits.currency) for name, total in view.days.items()}
    width = _widest(amounts.values())
    for name, total in view.days.items():
        turns = _count(total.turns, "turn") + (f"   {total.unpriced} without price" if total.unpriced else "")
        yield f"{name}  {bar(total.cost, most):<{BAR}}  {amounts[name]:>{width}}  {turns}"


def bar(value: int, most: int) -> str:
    """`value` in eighths of a character, `BAR` characters for `most`; what is not nothing is never invisible."""
    eighths = max(value > 0, 8 * BAR * value // most) if most else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _widest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def money(amount: int, currency: str, digits: int = 4) -> str:
    """Micro-units to `digits` decimals, rounded up: what is shown is never less than what was spent."""
    step = 10 ** (6 - digits)
    units, rest = divmod(-(-amount // step), MICRO // step)
    return f"{units:,}.{rest:0{digits}d} {currency}"


def _told_apart(spent: int, limit: int, currency: str) -> tuple[str, str]:
    """Both, with as many decimals as show that the limit is not reached, or is passed."""
    digits = 6 if spent != limit and money(spent, currency) == money(limit, currency) else 4
    return money(spent, currency, digits), money(limit, currency, digits)


def percent(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "0 %"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
