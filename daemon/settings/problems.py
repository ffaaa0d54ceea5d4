"""What is wrong with a settings file, and how it is shown: `file:line: key: what. Fix: how`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.errors import one_line

if TYPE_CHECKING:
    from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Where in the document, from the root: keys, and indices from 0 in arrays."""

_LOOKS_SECRET = re.compile(r"AIza[\w-]{10,}|AQ\.[\w-]{10,}|auth_tokens/\S+")  # the forms of Google's keys and tokens
LONGEST_SHOWN: Final = 60
"""Characters of a value; more hides the sentence."""
_LONGEST_WHAT: Final = 400
_READ: Final = 4 * _LONGEST_WHAT
"""More than is shown: what looks secret has to be seen whole."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a document, before it is known which line it is on.

    `other` is a second place that has to do with it, whose line is added to `what`. One that `warns` is allowed.
    """

    path: KeyPath
    what: str
    fix: str
    other: KeyPath | None = None
    warns: bool = False


@dataclass(frozen=True)
class Problem:
    """One line for the user. `line` is 0 when it is about the file itself; a `key` may be empty then.

    Whatever its texts were made of, they hold no secret and nothing that cannot be seen, and are no longer than a line.
    """

    file: Path
    line: int
    key: str
    what: str
    fix: str

    def __post_init__(self) -> None:
        for name in ("key", "what", "fix"):
            object.__setattr__(self, name, _fit_to_be_seen(getattr(self, name)))

    @property
    def place(self) -> str:
        """The file, and the line if there is one."""
        file = one_line(str(self.file))
        return f"{file}:{self.line}" if self.line else file

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, f"{self.what}. Fix: {self.fix}") if part)


def _fit_to_be_seen(text: str) -> str:
    seen = one_line(_LOOKS_SECRET.sub("…", text[:_READ]))  # whoever names everything that there is does not stop us
    return seen if len(seen) <= _LONGEST_WHAT else f"{seen[:_LONGEST_WHAT]}…"


def shown_key(path: KeyPath) -> str:
    """`("device", 1, "pin")` as `device[2].pin`: array elements count from 1, as people do."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_shown_name(part)}" for part in path)
    return key.removeprefix(".")


def _shown_name(name: str) -> str:
    shown = _LOOKS_SECRET.sub("…", name[:LONGEST_SHOWN])
    return shown if re.fullmatch(r"[\w-]+|…", shown, re.ASCII) else repr(shown)


def looks_secret(text: str) -> bool:
    """Whether something in it has the form of a key or token of Google's."""
    return bool(_LOOKS_SECRET.search(text))
