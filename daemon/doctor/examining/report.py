"""What the doctor says: lines for people, one JSON object for programs, and the exit status."""

from __future__ import annotations

import json
import os
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.machine.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from daemon.machine.finding import Finding

_COLOURS: Final = {Verdict.GOOD: "32", Verdict.WARNING: "33", Verdict.BAD: "1;31", Verdict.SKIPPED: "2"}
"""SGR parameters (ECMA-48 §8.3.117): green, yellow, bold red, faint."""

_NARROWEST: Final = 60
"""Columns; on less, lines are left to the terminal."""


@dataclass(frozen=True)
class Result:
    """A finding, the check it is of, and what `--fix` did (a sentence), or could not do, before it."""

    name: str
    finding: Finding
    mended: str = ""


@dataclass(frozen=True)
class Look:
    """How a report looks: with colours or without, wrapped to `columns` (0: not wrapped, one line a sentence)."""

    colours: bool = False
    columns: int = 0


def look_of(stream: TextIO, environ: Mapping[str, str]) -> Look:
    """Colours and wrapping are for terminals; `NO_COLOR` (no-color.org) and a dumb terminal want none."""
    if not stream.isatty():
        return Look()
    dumb = environ.get("TERM") == "dumb"
    return Look(not environ.get("NO_COLOR") and not dumb, os.get_terminal_size(stream.fileno()).columns)


def as_text(results: Sequence[Result], look: Look | None = None) -> str:
    """A line for each finding, its fix below it, and how many faults and warnings there are."""
    look = look or Look()
    width = max((len(result.name) for result in results), default=0)
    lines = [line for result in results for line in _lines(result, width, look)]
    return "\n".join([*lines, summary(results)])


def _lines(result: Result, width: int, look: Look) -> list[str]:
    finding = result.finding
    word = f"{finding.verdict.value:<7}"
    shown = f"\033[{_COLOURS[finding.verdict]}m{word}\033[0m" if look.colours else word
    margin = " " * (len(word) + width + 4)
    first, *rest = [*_wrapped(finding.sentence, margin, look), *_wrapped_fix(result, margin, look)]
    return [f"{shown}  {result.name:<{width}}  {first.lstrip()}", *rest]


def _wrapped_fix(result: Result, margin: str, look: Look) -> list[str]:
    told = ([f"done: {result.mended}"] if result.mended else []) + (
        [f"fix: {result.finding.fix}"] if result.finding.fix else []
    )
    return [line for text in told for line in _wrapped(text, margin, look)]


def _wrapped(text: str, margin: str, look: Look) -> list[str]:
    if look.columns < _NARROWEST:
        return [margin + text]
    return textwrap.wrap(
        text,
        look.columns,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def summary(results: Sequence[Result]) -> str:
    """`1 fault, 2 warnings`, and how many could not be told."""
    counts = [_counted(_count(results, Verdict.BAD), "fault"), _counted(_count(results, Verdict.WARNING), "warning")]
    unseen = _count(results, Verdict.SKIPPED)
    return ", ".join([*counts, f"{unseen} could not be told"] if unseen else counts)


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def as_json(results: Sequence[Result]) -> str:
    """One object; its findings have the members of `Finding`, and `mended` where something was."""
    findings = [
        {
            "name": result.name,
            "verdict": result.finding.verdict.value,
            "sentence": result.finding.sentence,
            "fix": result.finding.fix,
            "facts": dict(result.finding.facts),
        }
        | ({"mended": result.mended} if result.mended else {})
        for result in results
    ]
    counts = {"faults": Verdict.BAD, "warnings": Verdict.WARNING, "skipped": Verdict.SKIPPED}
    report = {"findings": findings} | {word: _count(results, verdict) for word, verdict in counts.items()}
    return json.dumps(report, indent=2, ensure_ascii=False)


def exit_status(results: Sequence[Result]) -> int:
    """0 without a fault, else 1; warnings do not count."""
    return 1 if _count(results, Verdict.BAD) else 0


def _count(results: Sequence[Result], verdict: Verdict) -> int:
    return sum(result.finding.verdict is verdict for result in results)
