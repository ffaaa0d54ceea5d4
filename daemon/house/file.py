"""pipit.toml and its drop-ins: read, merged, validated, and every problem named with file, line, key and fix.

Drop-ins are `conf.d/*.toml` beside the file, read in the order of their names: a later value wins, tables merge, arrays
(so also all `[[device]]` tables together) replace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from daemon.abilities.sight.checks import faults_with_model
from daemon.abilities.sight.settings import CameraSettings
from daemon.errors import SettingsError, one_line
from daemon.house.checks import faults_between, warnings_about
from daemon.house.settings import Settings
from daemon.live.family import faults_of_family, warnings_of_family
from daemon.live.settings import LiveSettings
from daemon.settings.paths import closed_file
from daemon.settings.problems import Fault, Problem, shown_key
from daemon.settings.reader import Reader, reader_of
from daemon.settings.source import Homes, Source, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daemon.settings.problems import KeyPath

DEFAULT_PATH = Path("/etc/pipit/pipit.toml")
MOST_SHOWN: Final = 200
"""Lines of problems; whoever has more begins with the first."""


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
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if (more := len(self.problems) - len(lines)) > 0:
            lines.append(f"… and {more} more problems, which are told when these are mended")
        lines += [f"warning: {warning}" for warning in self.warnings]
        if self.settings is not None:
            count = len(self.settings.devices)
            files = one_line(", ".join(map(str, self.files)))
            lines.append(f"{files}: ok, {count} {'device' if count == 1 else 'devices'}")
        return "\n".join(lines)


def load_settings(path: Path) -> Settings:
    """The settings of `path` and its drop-ins; SettingsError lists every problem, sorted by file and line."""
    report = check(path)
    if report.settings is None:
        count = len(report.problems)
        fix = "correct the line" if count == 1 else f"correct the {count} lines"
        raise SettingsError(str(report), fix=f"{fix}; `pipit check` reads the file again")
    return report.settings


def check(path: Path, reader: Reader | None = None) -> Report:
    """Everything that is wrong with `path` and its drop-ins, or their settings; never raises for what a file holds.

    `reader` is who will read what the settings name; None is found by the path (see `settings_reader`).
    """
    reader = reader or reader_of(path)
    sources, problems = read_all(path)
    problems += _closed_to(reader, sources)
    merged: dict[str, Any] = {}
    for source in sources:
        merged = _merged(merged, source.document)
    faults = faults_between(merged, reader)
    settings = None
    try:
        settings = Settings.model_validate(merged, by_alias=True, by_name=False)
        faults += [*faults_of_family(settings.live), *faults_with_model(settings.camera, settings.live.model)]
    except ValidationError as error:
        from daemon.settings.wording import faults_of  # only when there is something to be told

        own = faults_of(error, Settings)
        faults += [*own, *_family_faults(merged, {fault.path for fault in own})]
    files, homes = tuple(source.path for source in sources), Homes(sources)
    problems += _located((fault for fault in faults if not fault.warns), homes)
    if problems or settings is None:
        problems.sort(key=lambda problem: (problem.file != path, problem.file, problem.line))
        return Report(files, None, tuple(problems))
    warnings = [*warnings_about(settings), *warnings_of_family(settings.live)]
    warnings += [fault for fault in faults if fault.warns]
    return Report(files, settings, (), tuple(_located(warnings, homes)))


def _closed_to(reader: Reader, sources: Sequence[Source]) -> list[Problem]:
    """Files that whoever runs this could read, and the service could not."""
    return [problem for source in sources if (problem := closed_file(source.path, reader))]


def _family_faults(document: Mapping[str, Any], faulty: set[KeyPath]) -> list[Fault]:
    """What the model's family refuses of the keys that have no fault of their own."""
    if ("live", "model") in faulty:
        return []
    tables = (_sound(document, name, faulty) for name in ("live", "camera"))
    try:
        live = LiveSettings.model_validate(next(tables), by_alias=True, by_name=False)
        camera = CameraSettings.model_validate(next(tables), by_alias=True, by_name=False)
        return [*faults_of_family(live), *faults_with_model(camera, live.model)]
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


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def _located(faults: Iterable[Fault], homes: Homes) -> list[Problem]:
    return [_problem(fault, homes) for fault in faults]


def _problem(fault: Fault, homes: Homes) -> Problem:
    source = homes.of(fault.path)
    what = fault.what
    if fault.other is not None:
        other = homes.of(fault.other)
        line = other.line(fault.other)
        what += f"; see line {line}" if other is source else f"; see {other.path}:{line}"
    return Problem(source.path, source.line(fault.path), shown_key(fault.path), what, fault.fix)
