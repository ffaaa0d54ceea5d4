"""What the settings name by its path: is it there, is it what it should be, and can its reader reach it?

One list of every such key, so that the service finds at its start what `pipit check` promised, whoever ran that. A key
or a secret that is not there is only warned of: the device says so aloud, and takes one that is put there later.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, Literal

from daemon.errors import one_line
from daemon.files import KB, LARGEST_MODEL_BYTES, MB, FileTrouble, check_folder, check_regular
from daemon.settings.document import table_of
from daemon.settings.problems import Fault, KeyPath, Problem
from daemon.settings.reader import SERVICE_FOLDER, Need, Reader, hidden_by, user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LARGEST_SECRET_BYTES: Final = 64 * KB
LARGEST_AUTHORITY_BYTES: Final = 8 * MB
"""The system's own bundle of authorities has a quarter of a megabyte."""
LARGEST_PICTURE_BYTES: Final = 64 * MB
LONGEST_SHOWN: Final = 120


@dataclass(frozen=True)
class Named:
    """A path that the settings name, and what has to be there."""

    key: KeyPath
    path: str
    kind: Literal["file", "folder"] = "file"
    largest_bytes: int = 0
    fix: str = "correct the path"
    if_missing: Literal["refused", "warned", "later"] = "refused"
    content: Literal["", "authority", "chain"] = ""
    secret: bool = False
    reader: str = ""
    """Another than the appliance."""

    @property
    def need(self) -> Need:
        return "list" if self.kind == "folder" else "read"

    @property
    def shown(self) -> str:
        """The path in quotes; someone may have put a secret itself in the place of its file."""
        if self.secret:
            return "the file that it names"
        path = one_line(self.path)
        return f'"{path}"' if len(path) <= LONGEST_SHOWN else f'"{path[:LONGEST_SHOWN]}…"'


def faults_of_paths(document: Mapping[str, Any], reader: Reader) -> Iterator[Fault]:
    """What is wrong with each path, one fault for each."""
    for named in _all_named(document):
        if fault := _fault(named, _reader_of(named, reader)):
            yield fault


def _reader_of(named: Named, reader: Reader) -> Reader:
    return user(named.reader) if named.reader and reader.of_service else reader


def _fault(named: Named, reader: Reader) -> Fault | None:
    if fault := hidden(named, reader):
        return fault
    try:
        if named.kind == "folder":
            check_folder(named.path)
        else:
            check_regular(named.path, named.largest_bytes)
    except FileTrouble as trouble:
        return _of_trouble(named, reader, trouble)
    return closed(named, reader) or _of_content(named)


def _of_content(named: Named) -> Fault | None:
    """What a library would refuse of a file that can be read."""
    trouble = _TROUBLES[named.content](named.path) if named.content else ""
    return Fault(named.key, f"{named.shown} {trouble}", named.fix) if trouble else None


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
    name = "the file" if named.secret else one_line(PurePath(named.path).name)
    better = f"copy it to {SERVICE_FOLDER}/{name}, and name that"
    if named.kind == "folder":
        better = "move it to /var/lib/pipit or /srv, and name that"
    return Fault(named.key, what, better, warns=not reader.of_service)


def _of_trouble(named: Named, reader: Reader, trouble: FileTrouble) -> Fault | None:
    what, warns = f"{named.shown} {trouble.what}", False
    fix = named.fix if trouble.number in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR) else trouble.fix
    if trouble.number == errno.ENOENT:
        if named.if_missing == "later":
            return None
        what = what if named.secret or "link" in trouble.what else f"there is no {named.kind} {named.shown}"
        warns = named.if_missing == "warned"
    elif trouble.number == errno.ENODATA:
        warns = named.if_missing == "warned"
    elif trouble.number == errno.EACCES and not reader.is_here:  # root, or the reader itself, can tell
        if named.reader:
            return None
        warns = True
    return Fault(named.key, what, fix, warns=warns)


def closed(named: Named, reader: Reader) -> Fault | None:
    """What is there, and not for its reader; of a secret that is said, and the device says it, too."""
    place = reader.closed(named.path, named.need)
    if not place:
        return None
    where = "" if place == named.path or named.secret else f": {one_line(place)} is closed to it"
    what = f"{named.shown} may not be read by {_whom(reader)}{where}"
    fix = f"give it to {reader.name} with `sudo chown`" if named.secret else _opening(reader, place)
    return Fault(named.key, what, fix, warns=named.if_missing == "warned")


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


def _all_named(document: Mapping[str, Any]) -> Iterator[Named]:
    """Every path that is one: what is no absolute path is told by the models."""
    for named in _named(document):
        if isinstance(named.path, str) and named.path.startswith("/"):
            yield named


def _named(document: Mapping[str, Any]) -> Iterator[Named]:
    live, wake = table_of(document, "live"), table_of(document, "wake")
    credential, broker = table_of(live, "credential"), table_of(document, "broker")
    authority = Named(
        ("live", "ca_file"), live.get("ca_file", ""), largest_bytes=LARGEST_AUTHORITY_BYTES,
        fix="correct the path, or leave it empty", content="authority",
    )  # fmt: skip
    yield authority
    yield replace(
        authority,
        key=("live", "credential", "broker_ca_file"),
        path=credential.get("broker_ca_file", ""),
        fix="copy the one that `pipit token-broker` made to this place",
    )
    for name in ("file", "secret_file"):
        yield Named(
            ("live", "credential", name), credential.get(name, ""), largest_bytes=LARGEST_SECRET_BYTES,
            fix="write it into a file of mode 0600, and name that", if_missing="warned", secret=True,
        )  # fmt: skip
    yield Named(
        ("broker", "certificate"), broker.get("certificate", ""), largest_bytes=LARGEST_AUTHORITY_BYTES,
        fix="name the certificate followed by its key, or leave it empty", content="chain",
        reader="pipit-broker",
    )  # fmt: skip
    yield Named(
        ("wake", "models_dir"), wake.get("models_dir", ""), kind="folder",
        fix="name the folder that install.sh put the models into", if_missing="later",
    )  # fmt: skip
    yield from _models(wake)
    yield from _camera(table_of(document, "camera"))


def _models(wake: Mapping[str, Any]) -> Iterator[Named]:
    models = wake.get("models")
    for index, model in enumerate(models if isinstance(models, list | tuple) else ()):
        if isinstance(model, str) and model.endswith(".onnx"):
            yield Named(("wake", "models", index), model, largest_bytes=LARGEST_MODEL_BYTES)


def _camera(camera: Mapping[str, Any]) -> Iterator[Named]:
    path = camera.get("path", "")
    match camera.get("source"):
        case "file":
            yield Named(("camera", "path"), path, largest_bytes=LARGEST_PICTURE_BYTES)
        case "folder":
            yield Named(("camera", "path"), path, kind="folder")
