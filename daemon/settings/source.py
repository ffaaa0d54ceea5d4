"""The files of the settings, read: pipit.toml and its drop-ins, within bounds, and why one could not be.

Each is a regular file, not larger than any settings, and not nested deeper: whoever made it, reading it neither waits
nor takes long.
"""

from __future__ import annotations

import errno
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.files import MB, FileTrouble, check_folder, read_regular
from daemon.settings.problems import Problem
from daemon.settings.syntax import MOST_PARTS, long_key, syntax_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from daemon.settings.problems import KeyPath

LARGEST_BYTES: Final = 2 * MB
"""Of a file; a thousand devices take a tenth of it."""
MOST_DROP_INS: Final = 200
DEEPEST: Final = 32
"""Tables within tables; the settings have three."""


@dataclass
class Source:
    """One file that could be read; its lines are looked up when the first problem asks for one."""

    path: Path
    text: str
    document: Mapping[str, Any]
    _lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """The line of the key, or of the innermost table around it that the file has."""
        if not self._lines:
            from daemon.settings.positions import lines_of_keys  # loads tree-sitter: only when there is a problem

            self._lines = {(): 1, **lines_of_keys(self.text)}
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


class Homes:
    """Which file sets what: the last that does. Arrays are never merged, so keys within one are not looked for."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._first = sources[0] if sources else None
        self._homes: dict[KeyPath, Source] = {}
        for source in sources:
            for path in _keys_of(source.document):
                self._homes[path] = source

    def of(self, path: KeyPath) -> Source:
        """The last file that sets the key, or the nearest table around it; the first if none does."""
        while path:
            if source := self._homes.get(path):
                return source
            path = path[:-1]
        assert self._first is not None  # noqa: S101 - without files there is nothing to complain of
        return self._first


def _keys_of(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, Mapping):
            yield from _keys_of(value, (*above, key))


def read_all(path: Path) -> tuple[list[Source], list[Problem]]:
    """`path` and its drop-ins in their order, and what is wrong with those that are missing."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for file in (path, *_drop_ins(path.parent / "conf.d", problems)):
        read = _read(file)
        if isinstance(read, Source):
            sources.append(read)
        else:
            problems.append(read)
    return sources, problems


def _read(file: Path) -> Source | Problem:
    try:
        data = read_regular(file, LARGEST_BYTES)
    except FileTrouble as trouble:
        return _unreadable(file, trouble)
    try:
        text = data.decode("utf-8-sig")  # Windows editors put a byte order mark first
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(file, line, "", "is not UTF-8 text", "save it as UTF-8 in the editor")
    return _parsed(file, text)


def _parsed(file: Path, text: str) -> Source | Problem:
    if line := long_key(text):
        return Problem(file, line, "", f"has a key of {MOST_PARTS} parts or more", "shorten it")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return syntax_problem(file, text, str(error))
    except ValueError:  # what int() says, see sys.set_int_max_str_digits; and what datetime says of a 30 February
        return Problem(file, 0, "", "holds a number with thousands of digits", "shorten it")
    except RecursionError:
        document = None
    if document is None or _is_deep(document):
        return Problem(file, 0, "", "is nested too deep to be read", "remove brackets and braces")
    return Source(file, text, document)


def _is_deep(document: Any) -> bool:
    """Whether there are more levels than any settings have; found without going down into them."""
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _drop_ins(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        check_folder(folder)
        files = sorted(file for file in folder.iterdir() if file.suffix == ".toml" and not file.name.startswith("."))
    except FileTrouble as trouble:
        if trouble.number != errno.ENOENT and not _is_below_a_file(folder):
            problems.append(_unreadable(folder, trouble))
        return []
    except OSError:
        problems.append(
            Problem(folder, 0, "", "may not be read by this user", f"run with sudo, or `sudo chmod a+rx {folder}`")
        )
        return []
    if len(files) > MOST_DROP_INS:
        what = f"holds {len(files)} files of settings, and may hold {MOST_DROP_INS}"
        problems.append(Problem(folder, 0, "", what, "put them together"))
    return files[:MOST_DROP_INS]


def _is_below_a_file(folder: Path) -> bool:
    """Then the file of the settings, which is beside it, has said so."""
    try:
        check_folder(folder.parent)
    except FileTrouble:
        return True
    return False


def _unreadable(file: Path, trouble: FileTrouble) -> Problem:
    what, fix = trouble.what, "name another file with --settings"
    match trouble.number:
        case errno.ENOENT if "link" not in what:
            fix = "run install.sh, or name another file with --settings"
        case errno.EISDIR:
            fix = "name the file in it with --settings"
        case errno.EACCES:
            fix = f"run with sudo, or `sudo chmod a+r {file}`"
        case errno.ENOTDIR if file.name == "conf.d":
            what, fix = "is no folder", "make it one, for the files that are read after pipit.toml; or remove it"
    return Problem(file, 0, "", what, fix)
