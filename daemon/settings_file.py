"""pipit.toml and its drop-ins: read, merged, validated, and every problem named with file, line, key and fix.

Drop-ins are `conf.d/*.toml` beside the file, read in the order of their names: a later value wins, tables merge, arrays
(so also all `[[device]]` tables together) replace.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from daemon.errors import SettingsError
from daemon.settings import Settings
from daemon.settings_camera import CameraSettings
from daemon.settings_checks import faults_between, warnings_about
from daemon.settings_family import faults_of_family
from daemon.settings_live import LiveSettings
from daemon.settings_problems import Fault, Problem, faults_of, shown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daemon.settings_problems import KeyPath

DEFAULT_PATH = Path("/etc/pipit/pipit.toml")


@dataclass(frozen=True)
class Report:
    """What `pipit check` says about a settings file: `settings` exist exactly when there are no problems."""

    files: tuple[Path, ...]
    settings: Settings | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        lines += [f"warning: {warning}" for warning in self.warnings]
        if self.settings is not None:
            count = len(self.settings.devices)
            lines.append(f"{', '.join(map(str, self.files))}: ok, {count} {'device' if count == 1 else 'devices'}")
        return "\n".join(lines)


def load_settings(path: Path) -> Settings:
    """The settings of `path` and its drop-ins; SettingsError lists every problem, sorted by file and line."""
    report = check(path)
    if report.settings is None:
        count = len(report.problems)
        fix = "correct the line" if count == 1 else f"correct the {count} lines"
        raise SettingsError(str(report), fix=f"{fix}; `pipit check` reads the file again")
    return report.settings


def check(path: Path) -> Report:
    """Everything that is wrong with `path` and its drop-ins, or their settings; never raises for what a file holds."""
    sources, problems = _read_all(path)
    merged: dict[str, Any] = {}
    for source in sources:
        merged = _merged(merged, source.document)
    faults = faults_between(merged)
    settings = None
    try:
        settings = Settings.model_validate(merged, by_alias=True, by_name=False)
        faults += faults_of_family(settings.live, settings.camera)
    except ValidationError as error:
        own = faults_of(error)
        faults += [*own, *_family_faults(merged, {fault.path for fault in own})]
    problems += _located(faults, sources)
    files = tuple(source.path for source in sources)
    if problems or settings is None:
        problems.sort(key=lambda problem: (problem.file != path, problem.file, problem.line))
        return Report(files, None, tuple(problems))
    return Report(files, settings, (), tuple(_located(warnings_about(settings), sources)))


def _family_faults(document: Mapping[str, Any], faulty: set[KeyPath]) -> list[Fault]:
    """What the model's family refuses of the keys that have no fault of their own."""
    if ("live", "model") in faulty:
        return []
    live, camera = (_sound(document, name, faulty) for name in ("live", "camera"))
    try:
        return faults_of_family(
            LiveSettings.model_validate(live, by_alias=True, by_name=False),
            CameraSettings.model_validate(camera, by_alias=True, by_name=False),
        )
    except ValidationError:  # between keys, told already
        return []


def _sound(document: Mapping[str, Any], name: str, faulty: set[KeyPath]) -> dict[str, Any]:
    """The keys of a table that have no fault; none if it is no table."""
    table = document.get(name)
    if not isinstance(table, Mapping):
        return {}
    return _without(table, {path[1:] for path in faulty if path[:1] == (name,)})


def _without(table: Mapping[str, Any], paths: set[KeyPath]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if (key,) not in paths}
    return {
        key: _without(value, {path[1:] for path in paths if path[0] == key}) if isinstance(value, Mapping) else value
        for key, value in kept.items()
    }


@dataclass
class _Source:
    """One file that could be read; its lines are looked up when the first problem asks for one."""

    path: Path
    text: str
    document: Mapping[str, Any]
    _lines: dict[KeyPath, int] = field(default_factory=dict)

    def holds(self, path: KeyPath) -> bool:
        """Whether the file sets this key. Arrays are never merged, so a path is only looked for as far as its array."""
        inner: Any = self.document
        for part in path:
            if not isinstance(inner, Mapping) or part not in inner:
                return False
            inner = inner[part]
        return True

    def line(self, path: KeyPath) -> int:
        """The line of the key, or of the innermost table around it that the file has."""
        if not self._lines:
            from daemon.settings_positions import lines_of_keys  # loads tree-sitter: only when there is a problem

            self._lines = {(): 1, **lines_of_keys(self.text)}
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def _read_all(path: Path) -> tuple[list[_Source], list[Problem]]:
    sources: list[_Source] = []
    problems: list[Problem] = []
    for file in (path, *_drop_ins(path.parent / "conf.d", problems)):
        try:
            text = file.read_bytes().decode("utf-8-sig")  # Windows editors put a byte order mark first
            sources.append(_Source(file, text, tomllib.loads(text)))
        except (OSError, ValueError, RecursionError) as error:
            problems.append(_unreadable(file, error))
    return sources, problems


def _drop_ins(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".toml" and not file.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        problems.append(_unreadable(folder, error))
        return []


def _unreadable(file: Path, error: OSError | ValueError | RecursionError) -> Problem:
    match error:
        case UnicodeDecodeError():
            line = error.object.count(b"\n", 0, error.start) + 1
            return Problem(file, line, "", "is not UTF-8 text", "save it as UTF-8 in the editor")
        case tomllib.TOMLDecodeError():
            return _syntax_problem(file, str(error))
        case ValueError():  # what int() says, see sys.set_int_max_str_digits
            return Problem(file, 0, "", "holds a number with thousands of digits", "shorten it")
        case RecursionError():
            return Problem(file, 0, "", "is nested too deep to be read", "remove brackets and braces")
        case FileNotFoundError():
            return Problem(file, 0, "", "does not exist", "run install.sh, or name another file with --settings")
        case IsADirectoryError():
            return Problem(file, 0, "", "is a folder", "name the file in it with --settings")
        case PermissionError():
            return Problem(file, 0, "", "may not be read by this user", f"run with sudo, or `sudo chmod a+r {file}`")
        case _:
            return Problem(file, 0, "", f"cannot be read: {error.strerror}", "name another file with --settings")


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


def _syntax_problem(file: Path, message: str) -> Problem:
    """tomllib's message, its position moved to the front, and advice by the message's first words."""
    position = _POSITION.search(message)
    what = _POSITION.sub("", message)
    line = int(position[1]) if position and position[1] else 0
    place = f"column {position[2]}" if position and position[2] else "at the end of the file"
    fix = next((fix for start, fix in _SYNTAX_FIXES if what.startswith(start)), "check quotes and brackets there")
    return Problem(file, line, place, f"not valid TOML: {what[:1].lower()}{what[1:]}", fix)


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def _located(faults: Iterable[Fault], sources: Sequence[_Source]) -> list[Problem]:
    return [_problem(fault, sources) for fault in faults]


def _problem(fault: Fault, sources: Sequence[_Source]) -> Problem:
    source = _home(fault.path, sources)
    what = fault.what
    if fault.other is not None:
        other = _home(fault.other, sources)
        line = other.line(fault.other)
        what += f"; see line {line}" if other is source else f"; see {other.path}:{line}"
    return Problem(source.path, source.line(fault.path), shown_key(fault.path), what, fault.fix)


def _home(path: KeyPath, sources: Sequence[_Source]) -> _Source:
    """The last file that sets the key, or the nearest table around it; the first if none does."""
    while path:
        for source in reversed(sources):
            if source.holds(path):
                return source
        path = path[:-1]
    return sources[0]
