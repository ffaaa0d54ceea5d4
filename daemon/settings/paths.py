"""What the settings name by its path: is it there, is it what it should be, and can its reader reach it?

Every such key says so at its field (`daemon.settings.place`), so that the service finds at its start what `pipit check`
promised, whoever ran that. A key or a secret that is not there is only warned of: the device says so aloud, and takes
one that is put there later.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from daemon.errors import one_line
from daemon.files import FileTrouble, check_folder, check_regular, read_regular, status_of
from daemon.settings.document import table_of, tables_of
from daemon.settings.place import Place, named_in, places_of
from daemon.settings.problems import Fault, KeyPath, Problem
from daemon.settings.reader import SERVICE_FOLDER, Need, Reader, hidden_by, user
from daemon.settings.tables import model_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

LONGEST_SHOWN: Final = 120


ANY_FILE: Final = Place()


@dataclass(frozen=True)
class Named:
    """A path that the settings name, and what has to be there."""

    key: KeyPath
    path: str
    place: Place = ANY_FILE

    @property
    def need(self) -> Need:
        return "list" if self.place.kind == "folder" else "read"

    @property
    def shown(self) -> str:
        """The path in quotes; someone may have put a secret itself in the place of its file."""
        if self.place.secret:
            return "the file that it names"
        path = one_line(self.path)
        return f'"{path}"' if len(path) <= LONGEST_SHOWN else f'"{path[:LONGEST_SHOWN]}…"'


def faults_of_paths(root: type[BaseModel], document: Mapping[str, Any], reader: Reader) -> Iterator[Fault]:
    """What is wrong with each path that the fields below `root` say is one, one fault for each."""
    for named in _named(root, document):
        if fault := _fault(named, _reader_of(named, reader)):
            yield fault


def _reader_of(named: Named, reader: Reader) -> Reader:
    return user(named.place.reader) if named.place.reader and reader.of_service else reader


def _fault(named: Named, reader: Reader) -> Fault | None:
    if fault := hidden(named, reader):
        return fault
    try:
        if named.place.kind == "folder":
            check_folder(named.path)
        else:
            check_regular(named.path, named.place.largest_bytes)
    except FileTrouble as trouble:
        return _of_trouble(named, reader, trouble)
    return closed(named, reader) or (_of_secret(named) if named.place.secret else _of_content(named))


def _of_content(named: Named) -> Fault | None:
    """What a library would refuse of a file that can be read."""
    trouble = _TROUBLES[named.place.content](named.path) if named.place.content else ""
    return Fault(named.key, f"{named.shown} {trouble}", named.place.fix) if trouble else None


def _of_secret(named: Named) -> Fault | None:
    """What `daemon.live.credentials` would not take: only warned of, as one that is not there, and told without it."""
    mode = stat.S_IMODE(status_of(named.path).st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = f"{named.shown} is open to others (mode {mode:04o}), and so it is not used"
        return Fault(named.key, what, "chmod 600 it", warns=True)
    if os.access(named.path, os.R_OK):
        text = read_regular(named.path, named.place.largest_bytes).strip()
        if not text.isascii() or not text.decode("ascii").isprintable() or b" " in text:
            return Fault(named.key, f"{named.shown} holds characters that no key has", _AGAIN, warns=True)
    return None


_AGAIN: Final = "copy the key into it again, alone"


def _authority(path: str) -> str:
    from daemon.trust import authority_trouble  # loads OpenSSL: only where a certificate is named

    return authority_trouble(path) if os.access(path, os.R_OK) else ""  # who may not read it was asked before


def _chain(path: str) -> str:
    from daemon.trust import chain_trouble

    return chain_trouble(path)


_TROUBLES: Final[Mapping[str, Callable[[str], str]]] = {"authority": _authority, "chain": _chain}


def hidden(named: Named, reader: Reader) -> Fault | None:
    """A path that the service cannot see; only a warning where the settings are not the service's."""
    folders = hidden_by(named.path)
    if not folders or not reader.behind_walls or folders == reader.settings_hidden_by:
        return None
    what = f"{named.shown} lies where the service cannot look: its unit hides {', '.join(folders)}"
    name = "the file" if named.place.secret else one_line(PurePath(named.path).name)
    better = f"copy it to {SERVICE_FOLDER}/{name}, and name that"
    if named.place.kind == "folder":
        better = "move it to /var/lib/pipit or /srv, and name that"
    return Fault(named.key, what, better, warns=not reader.of_service)


def _of_trouble(named: Named, reader: Reader, trouble: FileTrouble) -> Fault | None:
    what, warns = f"{named.shown} {trouble.what}", False
    fix = named.place.fix if trouble.number in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR) else trouble.fix
    if trouble.number == errno.ENOENT:
        if named.place.if_missing == "later":
            return None
        what = what if named.place.secret or "link" in trouble.what else f"there is no {named.place.kind} {named.shown}"
        warns = named.place.if_missing == "warned"
    elif trouble.number == errno.ENODATA:
        warns = named.place.if_missing == "warned"
    elif trouble.number == errno.EACCES and not reader.is_here:  # root, or the reader itself, can tell
        if named.place.reader:
            return None
        warns = True
    return Fault(named.key, what, fix, warns=warns)


def closed(named: Named, reader: Reader) -> Fault | None:
    """What is there, and not for its reader; of a secret that is said, and the device says it, too."""
    place = reader.closed(named.path, named.need)
    if not place:
        return None
    where = "" if place == named.path or named.place.secret else f": {one_line(place)} is closed to it"
    what = f"{named.shown} may not be read by {_whom(reader)}{where}"
    fix = f"give it to {reader.name} with `sudo chown`" if named.place.secret else _opening(reader, place)
    return Fault(named.key, what, fix, warns=named.place.if_missing == "warned")


def _whom(reader: Reader) -> str:
    return f"the service's user, {reader.name}" if reader.of_service else reader.name


def _opening(reader: Reader, place: str) -> str:
    if reader.of_service:
        return (
            f"copy it to {SERVICE_FOLDER}, with `sudo install -m 644`, and name that; or open {one_line(place)} to it"
        )
    return f"open {one_line(place)} to {reader.name}, or run with sudo"


def closed_file(file: Path, reader: Reader) -> Problem | None:
    """A file of the settings themselves that this process has read, and the service cannot."""
    if not reader.of_service:
        return None
    named = Named((), str(file.absolute()))
    fault = hidden(named, reader) or closed(named, reader)
    if fault is None:
        return None
    fix = "let it be a file of its own, not a link" if "hides" in fault.what else f"sudo chmod a+r {file}"
    return Problem(file, 0, "", fault.what.removeprefix(f"{named.shown} "), fix)


# Which keys name paths


def _named(model: type[BaseModel], table: Mapping[str, Any], at: KeyPath = ()) -> Iterator[Named]:
    if not table:
        return  # most of them: nothing is named in a table that is not there
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key not in table:
            continue
        if inner := model_of(field):
            for where, below in _tables(table, key):
                yield from _named(inner, below, (*at, *where))
        elif places := places_of(field):
            yield from (Named(*named) for named in named_in(places, table, (*at, key)))


def _tables(table: Mapping[str, Any], key: str) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """The table of that name, or those of an array of tables."""
    yield (key,), table_of(table, key)
    yield from (((key, index), each) for index, each in tables_of(table, key))
