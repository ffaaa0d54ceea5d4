"""The tables by language of docs/household.md: what one can ask, and what Pipit says of it by itself.

`python -m daemon.sentences.household_page` in the root of the repository writes them anew, of `docs/asking.toml` and of
the sentences; a test tells when that is due.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.causes import Cause
from daemon.sentences.book import Book

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE: Final = Path("docs/household.md")
ASKING: Final = Path("docs/asking.toml")
BEGIN: Final = "<!-- Made of docs/asking.toml and daemon/sentences/ by `python -m daemon.sentences.household_page`. -->"
END: Final = "<!-- Made until here. -->"
SEVEN: Final = datetime(2026, 12, 1, 7, 0)  # noqa: DTZ001 - what clocks on the wall show
ROWS: Final = {
    "timers": "timers",
    "alarms": "alarms",
    "reminders": "reminders",
    "devices": "devices, later",
    "volume": "volume",
    "stop": "stop",
    "quiet": "quiet",
}
"""What can be asked, as in `docs/asking.toml`, and as the page calls it."""


def page(root: Path) -> str:
    """The page as it should be. Raises ValueError if the marks are gone."""
    text = (root / PAGE).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE} has lost the marks between which the tables stand")
    asked = tomllib.loads((root / ASKING).read_text(encoding="utf-8"))
    tables = [_section(tag, phrases) for tag, phrases in asked.items()]
    return "\n\n".join([f"{before}{BEGIN}", *tables, f"{END}{after}"])


def _section(tag: str, phrases: Mapping[str, Any]) -> str:
    book = Book.of(tag)
    answers = _answers(book, phrases)
    head = f"### {phrases['language']}\n\n| | for example | what Pipit says by itself |\n|---|---|---|"
    rows = [f"| {title} | {_quoted(phrases[row])} | {_quoted(answers.get(row, []))} |" for row, title in ROWS.items()]
    alone = [book("missed_alarm_unnamed", clock=book.clock(SEVEN)), book(Cause.NO_NETWORK)]
    return "\n".join([head, *rows, f"| unasked | | {_quoted(alone)} |"])


def _answers(book: Book, phrases: Mapping[str, Any]) -> dict[str, list[str]]:
    """Only what it says without a model: answers are the model's, in its own words."""
    return {
        "timers": [book("timer_done", name=phrases["name"])],
        "alarms": [book("alarm_unnamed", clock=book.clock(SEVEN))],
        "reminders": [book("reminder", text=phrases["text"])],
        "devices": [book("action_done", device=phrases["device"])],
    }


def _quoted(sentences: list[str]) -> str:
    return " ".join(f"“{sentence}”" for sentence in sentences)


def write(root: Path) -> None:
    """Write the page below `root` anew."""
    (root / PAGE).write_text(page(root), encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
