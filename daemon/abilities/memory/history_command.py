"""`pipit history`: what is remembered is shown, handed out, or forgotten."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.memory.forgetting import EVERYTHING, Selection, containing, forget, since
from daemon.abilities.memory.history import remarks_in
from daemon.abilities.memory.when import moment, shown_time
from daemon.errors import UsageError
from daemon.state.archive import opened
from daemon.state.store import StateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.abilities.memory.said import Said
    from daemon.state.rows import Found

DAY_S: Final = 86_400.0

_WHO: Final = {"user": "you", "model": "pipit", "tool": "tool"}


def show(path: Path, now: float, days: int | None, *, as_json: bool, kept: bool) -> None:
    """Print what was said in the last `days` days. `kept` is whether anything new is added; raises StateError."""
    selection = since(now - days * DAY_S) if days is not None else EVERYTHING
    with opened(path) as database:
        found = remarks_in(database, selection)
    remarks = _told(found)
    if not remarks and not kept:
        raise _off()
    if as_json:
        print(json.dumps({"remarks": [_object(said) for said in remarks]}, ensure_ascii=False, indent=2))
    elif remarks:
        print("\n".join(line for said in remarks for line in _lines(said)))
    else:
        print("nothing was said" if days is None else f"nothing was said in the last {days} days")


def export(path: Path, target: str, *, kept: bool) -> int:
    """Write everything to the new file `target`, or with "-" to standard output: one JSON object a line; how many.

    The file is for its owner alone. Raises StateError, or UsageError if there is such a file.
    """
    with opened(path) as database:
        found = remarks_in(database, EVERYTHING)
    remarks = _told(found)
    if not remarks and not kept:
        raise _off()
    text = "".join(f"{json.dumps(_object(said), ensure_ascii=False)}\n" for said in remarks)
    if target == "-":
        sys.stdout.write(text)
    else:
        _write_new(Path(target), text)
    return len(remarks)


def forget_in(path: Path, selection: Selection) -> int:
    """Remove `selection` from the file, have a running service forget too; how many remarks. Raises StateError."""
    with opened(path) as database:
        return forget(database, selection)


def chosen(from_date: str | None, text: str | None) -> Selection:
    """What `--since DATE` or `--containing TEXT` select; everything without. Raises UsageError."""
    if text is not None:
        if not text:
            raise UsageError("--containing needs a text: every remark contains nothing", fix="forget --all")
        return containing(text)
    if from_date is None:
        return EVERYTHING
    try:
        return since(moment(from_date))
    except ValueError:
        raise UsageError(f'"{from_date}" is no date', fix='write it as "2026-01-31", or "2026-01-31T18:00"') from None


def _told(found: Found[Said]) -> list[Said]:
    if found.complaint:
        print(f"pipit: the state file is damaged: {found.complaint}", file=sys.stderr)
    return found.rows


def _off() -> StateError:
    return StateError(
        "the history is off, and nothing of it is left", fix="write keep = true in [history] of the settings"
    )


def _lines(said: Said) -> Sequence[str]:
    first = f"{shown_time(said.at)}  {_WHO[said.speaker]:<6}{_plain(said.text)}"
    return [first, *(f"{'':24}{_plain(title)} <{_plain(uri)}>".replace("  <", "<") for title, uri in said.sources)]


def _plain(text: str) -> str:
    """Without what a terminal would take for orders."""
    return "".join(char for char in text if char.isprintable())


def _object(said: Said) -> dict[str, Any]:
    return {
        "at": said.at,
        "time": shown_time(said.at),
        "speaker": said.speaker,
        "text": said.text,
        "sources": [{"title": title, "uri": uri} for title, uri in said.sources],
    }


def _write_new(target: Path, text: str) -> None:
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"there is a file {target} already", fix="name a new one") from None
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}", fix="name a file elsewhere") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
