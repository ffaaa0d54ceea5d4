"""What came of each case, as the table that the command ends with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Result = Literal["pass", "FAIL", "known", "not offered"]
"""`known`: it fails as the catalogue says; `not offered`: the client has no such thing."""

HEADINGS: Final = ("client", "version", "case", "result", "")


@dataclass(frozen=True)
class Row:
    """One case of one client."""

    client: str
    version: str
    case: str
    result: Result
    note: str = ""
    """What was seen, or why not; one line."""


def table(rows: Sequence[Row]) -> str:
    """The rows under their headings, in columns; a client's name and version stand in its first row alone."""
    lines: list[tuple[str, ...]] = [HEADINGS]
    before = ""
    for row in rows:
        named = ("", "") if row.client == before else (row.client, row.version)
        lines.append((*named, row.case.replace("_", " "), row.result, row.note))
        before = row.client
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS) - 1)]
    lines.insert(1, (*("-" * width for width in widths), ""))
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in lines
    )


def summary(rows: Sequence[Row]) -> str:
    """The closing line: how many of each result."""
    counts = Counter(row.result for row in rows)
    rest = [f"{counts[result]} {words}" for result, words in _REST.items() if counts[result]]
    return ", ".join([f"{counts['pass']} passed", f"{counts['FAIL']} failed", *rest])


def failed(rows: Sequence[Row]) -> bool:
    """Whether a case failed that should pass; none at all is a failure too."""
    return not rows or any(row.result == "FAIL" for row in rows)


_REST: Final[dict[Result, str]] = {"known": "fail as known", "not offered": "not offered"}
