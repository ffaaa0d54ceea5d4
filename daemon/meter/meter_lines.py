"""The meter in words: one line that stays in its place, and what was heard in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from daemon.hearing.return_loss import MeasuredWith, ReturnLoss
    from daemon.meter.hearing_meter import Moment, Summary

LEVEL_WIDTH: Final = 16
SCORE_WIDTH: Final = 8
LOWEST_DBFS: Final = -80.0


def meter_line(moment: Moment, clipped: int, zero_s: float) -> str:
    """In about 79 columns. `clipped` samples and `zero_s` seconds of zeros are those since it began."""
    level = level_bar(moment.rms_dbfs, moment.noise_dbfs)
    gate = "open" if moment.gate_open else "shut"
    return (
        f"{moment.rms_dbfs:4.0f} {level} room{moment.noise_dbfs:4.0f} {gate} "
        f"wake {share_bar(moment.score)}{moment.score:4.2f} voice{moment.voice:5.2f} "
        f"clip {clipped} zero {zero_s:.0f}s"
    )


def level_bar(rms_dbfs: float, noise_dbfs: float) -> str:
    """A bar up to the level, with a mark where the noise of the room is."""
    filled, mark = _columns(rms_dbfs), _columns(noise_dbfs)
    return "".join("|" if place == mark else "#" if place < filled else "." for place in range(LEVEL_WIDTH))


def share_bar(share: float) -> str:
    filled = round(share * SCORE_WIDTH)
    return "#" * filled + "." * (SCORE_WIDTH - filled)


def summary_lines(summary: Summary) -> list[str]:
    """For people, a line a figure."""
    fired = ", ".join(f"{word} at {at_s:.1f} s" for word, at_s in summary.fired) or "no wake word"
    return [
        f"heard        {summary.seconds:.1f} s",
        f"woke to      {fired}",
        f"best score   {summary.best_score:.2f} at {summary.best_at_s:.1f} s",
        f"room         {summary.noise_dbfs:.0f} dBFS",
        f"loudest      {summary.loudest_dbfs:.0f} dBFS",
        f"clipped      {summary.clipped} samples",
        f"zeros        {summary.zero_s:.1f} s",
        f"gate open    {100 * summary.open_share:.0f} % of the time",
    ]


def echo_line(record: ReturnLoss | None, by: MeasuredWith) -> str:
    """What is on record of the speaker, for a summary."""
    if record is None:
        return "echo         not measured yet: `pipit listen --echo` does"
    also = "" if record.by == by else ", with other cards or settings"
    return f"echo         {record}{also}"


def _columns(dbfs: float) -> int:
    return round(min(1.0, max(0.0, 1 - dbfs / LOWEST_DBFS)) * LEVEL_WIDTH)
