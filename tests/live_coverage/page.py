"""docs/live-coverage.md and docs/known-issues.md, made from the rows.

`python -m tests.live_coverage.page` writes them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.live_coverage.client_rows import CLIENT
from tests.live_coverage.kinds import Ignored, Parts, Proved, Read, Reason, Row, Rows, Same, Setting, Unused
from tests.live_coverage.known_issues import ELSEWHERE, ISSUES, Issue
from tests.live_coverage.server_rows import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE: Final = "docs/live-coverage.md"
BY_SETTING: Final = "tests/system/test_live_coverage.py::test_a_setting_reaches_its_field_on_the_wire"
BY_MESSAGE: Final = "tests/system/test_live_coverage.py::test_what_the_service_says_makes_the_difference_it_should"

HEAD: Final = """# What of the Live API is used

Every field of every message that a Live session knows, as google-genai declares it, with the setting that decides it
and the test that proves it, or the reason why it is not used. The table is `tests/live_coverage/`, one row a field, and
`tests/system/test_live_coverage.py` holds it against the SDK, the settings, the tests and the wire; a field that a new
version of the SDK brings fails the tests until it has a row. `python -m tests.live_coverage.page` writes this page.

What is not used as a whole is not listed in its parts. A type that stands in several places is proved in the first.

A row with a setting is proved by writing a value into a settings file, opening a session with the unmodified SDK, and
finding it in the setup that the offline server receives. What the service says is proved by a session that gets the
same message with and without the field: what is read makes a difference, what is ignored makes none.
"""


ISSUES_PAGE: Final = "docs/known-issues.md"
ISSUES_HEAD: Final = """# Known issues of the Live API

What others have reported in public, up to November 2026, what Pipit does about it, and the tests that make it happen.
The table is `tests/live_coverage/known_issues.py`; `python -m tests.live_coverage.page` writes this page. Closed
connections and silence are met in every state of a conversation by `tests/system/test_faults_in_each_state.py`.

| # | reported | problem | what Pipit does | proof |
|---|---|---|---|---|
"""


ELSEWHERE_HEAD: Final = """
## Of what else it is made of

| # | reported | problem | what Pipit does | proof |
|---|---|---|---|---|
"""


def issues_page() -> str:
    return ISSUES_HEAD + _issue_rows(ISSUES) + ELSEWHERE_HEAD + _issue_rows(ELSEWHERE)


def _issue_rows(issues: Iterable[Issue]) -> str:
    return "".join(f"| {' | '.join(_cells(issue))} |\n" for issue in issues)


def _cells(issue: Issue) -> tuple[str, ...]:
    proof = ", ".join(map(_short, issue.tests))
    return str(issue.number), issue.reported, issue.problem, issue.answer, proof


def page() -> str:
    return "\n".join(
        [
            HEAD,
            "## What Pipit says\n",
            *_tables(CLIENT, "setting"),
            "## What the service says\n",
            *_tables(SERVER, "becomes"),
        ]
    )


def _tables(rows: Rows, meaning: str) -> Iterator[str]:
    for name, fields in rows.items():
        yield f"### {name}\n"
        yield f"| field | {meaning} | proof |\n|---|---|---|"
        yield from (f"| `{field}` | {_meaning(row)} | {_proof(row)} |" for field, row in fields.items())
        yield ""


def _meaning(row: Row) -> str:
    match row:
        case Setting(key=key, but=but):
            return f"`{key}`{but and f', {but}'}"
        case tuple():
            return ", ".join(map(_meaning, row))
        case Proved(what=what):
            return what
        case Read(becomes=becomes):
            return becomes
        case Ignored(why=why):
            return f"read and ignored: {why}"
        case Parts():
            return "see its fields"
        case Same(row=other):
            return f"as `{other}`"
        case Unused(why=why, reason=Reason.DEPRECATED):
            return f"not used: deprecated, {why}"
        case Unused(why=why, reason=reason):
            return f"not used: {why or reason.value}"


def _proof(row: Row) -> str:
    match row:
        case Setting() | tuple():
            return _short(BY_SETTING)
        case Read() | Ignored():
            return _short(BY_MESSAGE)
        case Proved(tests=tests):
            return ", ".join(map(_short, tests))
        case Unused(reason=Reason.VERTEX | Reason.DEPRECATED):
            return "the SDK says so"
    return ""


def _short(test: str) -> str:
    """A test as it can be found: its file without the folders that all have, and its name."""
    file, _, name = test.partition("::")
    return f"`{Path(file).stem}`: {name.rpartition('::')[2].removeprefix('test_').replace('_', ' ')}"


def write(root: Path) -> None:
    (root / PAGE).write_text(page(), encoding="utf-8")
    (root / ISSUES_PAGE).write_text(issues_page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
