"""Text that is no TOML: what is wrong where, in words, and what to do about it."""

import re
from pathlib import Path
from typing import Final

from daemon.settings.problems import Problem

MOST_PARTS: Final = 100
"""Of a dotted key. tomllib takes time with the square of them, and no setting has more than three."""
_PART: Final = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")


def long_key(text: str) -> int:
    """The line of the first key of more parts than any can have; 0 if there is none."""
    found = _LONG_KEY.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_SYNTAX_FIXES = (
    ("Invalid value", 'put text in "quotes"; true and false are lower case; numbers have no unit'),
    ("Cannot declare", "keep one of the two tables; for a list of tables write [[…]]"),
    ("Cannot overwrite", "keep one of the two lines"),
    ("Illegal character", "close the quotes before the end of the line"),
    ("Unescaped '\\'", "write \\\\ for a backslash, or use 'single quotes'"),
    ("Expected '='", "write key = value, and no spaces in a key"),
    ("Expected newline", "one key a line; decimals have a point, not a comma"),
    ("Invalid statement", "write key = value, [table], or # before a comment"),
)


def syntax_problem(file: Path, text: str, message: str) -> Problem:
    """tomllib's message, its position moved to the front, and advice by the message's first words."""
    position = _POSITION.search(message)
    what = _POSITION.sub("", message)
    line = int(position[1]) if position and position[1] else 0
    place = f"column {position[2]}" if position and position[2] else "at the end of the file"
    fix = next((fix for start, fix in _SYNTAX_FIXES if what.startswith(start)), "check quotes and brackets there")
    if position and position[2]:
        before, after = _around(text, line, int(position[2]))
        what, fix = _of_a_later_toml(what, before, after) or (what, fix)
    return Problem(file, line, place, f"not valid TOML: {what[:1].lower()}{what[1:]}", fix)


def _around(text: str, line: int, column: int) -> tuple[str, str]:
    """What stands in the line before the place of a mistake, and what in it; line ends are those that tomllib sees."""
    row = text.replace("\r\n", "\n").split("\n")[line - 1]
    return row[: column - 1].rstrip(" \t"), row[column - 1 :]


def _of_a_later_toml(what: str, before: str, after: str) -> tuple[str, str] | None:
    """What TOML 1.1 has and 1.0 has not, which is read here: in its words the brackets and quotes would seem wrong."""
    ends = not after or after.startswith("#")
    if what.startswith("Unclosed inline table") and ends:
        return _ON_ONE_LINE
    if what.startswith("Invalid initial character for a key part"):
        if ends and before.endswith(("{", ",")):
            return _ON_ONE_LINE
        if after.startswith("}") and before.endswith(","):
            return "an inline table { … } ends with a comma", "remove the comma before }"
    if what.startswith("Unescaped") and before.endswith(("\\e", "\\x")):
        return (
            f"{before[-2:]} is an escape of TOML 1.1, and 1.0 is read here",
            "write \\\\u and four hexadecimal digits",
        )
    return None


_ON_ONE_LINE: Final = (
    "an inline table { … } must stand on one line",
    "write it on one line, or as a [table] of its own with a line for each key",
)
