"""Where the API key comes from, or the secret for the token broker.

The daemon holds it in memory and hands it to the SDK, or to the broker; it goes nowhere else.
"""

import errno
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daemon.conversation.no_session import KeyMissing, NoSession, SecretMissing
from daemon.files import KB, FileTrouble, expanded, may_be_there, read_regular, status_of

CREDENTIAL = "gemini-api-key"
"""The name systemd's `LoadCredential=` gives the file."""
SECRET_CREDENTIAL = "broker-secret"  # noqa: S105 - the name of a file, too
ENVIRONMENT = "GEMINI_API_KEY"
LARGEST_BYTES: Final = 64 * KB
"""Of a file that holds a key alone."""


@dataclass(frozen=True)
class _Kind:
    """What is looked for: what it is called, and what is raised where it is not."""

    name: str
    whole_name: str
    error: type[NoSession]
    store_it: str


_KEY = _Kind("key", "API key", KeyMissing, "sudo ./install.sh key")
_SECRET = _Kind(
    "secret",
    "broker's secret",
    SecretMissing,
    "store what `pipit token-broker add-device` printed (docs/token-broker.md)",
)


def find_key(file: str, environ: Mapping[str, str]) -> str:
    """The API key, from the first of: systemd's credential, `file` (empty = none), `GEMINI_API_KEY`.

    A place that is named but cannot be used is an error, not a reason to look further: the user meant it. Raises
    KeyMissing.
    """
    if key := _stored(_KEY, CREDENTIAL, file, environ):
        return key
    if value := environ.get(ENVIRONMENT):
        return _checked(_KEY, value, ENVIRONMENT)
    raise KeyMissing(
        "there is no API key",
        fix="put one into a file of mode 0600 and name it in [live.credential] file, or set GEMINI_API_KEY",
    )


def find_secret(file: str, environ: Mapping[str, str]) -> str:
    """This device's secret for the token broker, from systemd's credential or `file`. Raises SecretMissing.

    Nor may there be an API key: a device that asks a broker is one that must not have it, and whoever left one lying
    here would not be told by anything that works.
    """
    _refuse_key(environ)
    if secret := _stored(_SECRET, SECRET_CREDENTIAL, file, environ):
        return secret
    raise SecretMissing(
        "there is no secret for the token broker",
        fix="put the one that `pipit token-broker add-device` printed into a file of mode 0600 and name it in "
        "[live.credential] secret_file",
    )


def _refuse_key(environ: Mapping[str, str]) -> None:
    credential = Path(environ.get("CREDENTIALS_DIRECTORY", "/nonexistent"), CREDENTIAL)
    if may_be_there(credential) and _read(_KEY, credential).strip():
        raise SecretMissing(
            "there are both an API key, which systemd hands on, and a token broker: only one can be meant",
            fix="remove the key (docs/token-broker.md), or broker in [live.credential]",
        )
    if environ.get(ENVIRONMENT):
        raise SecretMissing(
            f"there are both an API key, in {ENVIRONMENT}, and a token broker: only one can be meant",
            fix=f"unset {ENVIRONMENT}, or remove broker from [live.credential]",
        )


def _stored(kind: _Kind, credential: str, file: str, environ: Mapping[str, str]) -> str:
    """What systemd hands on, else what `file` holds; empty if neither is there. Raises what `kind` says."""
    if (folder := environ.get("CREDENTIALS_DIRECTORY")) and may_be_there(path := Path(folder, credential)):
        return _handed_on(kind, path)
    if not file:
        return ""
    path = expanded(file)
    _refuse_shared(kind, path)
    return _checked(kind, _read(kind, path), str(path))


def _handed_on(kind: _Kind, credential: Path) -> str:
    """systemd/gemini-api-key*.conf hand on an empty line where there is nothing else, so that the service starts."""
    text = _read(kind, credential)
    if not text.strip():
        raise kind.error(
            f"systemd hands on no {kind.whole_name}: none is stored, or this machine cannot decrypt the one that is",
            fix=kind.store_it,
        )
    return _checked(kind, text, str(credential))


def _refuse_shared(kind: _Kind, path: Path) -> None:
    """A key that others can read is a key that others have; systemd's own credentials are safe by construction."""
    try:
        mode = status_of(path).st_mode
    except FileTrouble as trouble:
        missing = trouble.number == errno.ENOENT
        fix = f"write the {kind.whole_name} into it" if missing else trouble.fix
        raise kind.error(f"the {kind.name} file {path} {trouble.what}", fix=fix) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        shown = f"{stat.S_IMODE(mode):04o}"
        raise kind.error(f"the {kind.name} file {path} is open to others (mode {shown})", fix=f"chmod 600 {path}")


def _read(kind: _Kind, path: Path) -> str:
    try:
        return read_regular(path, LARGEST_BYTES).decode("ascii")
    except FileTrouble as trouble:
        fix = "check its owner" if trouble.number == errno.EACCES else trouble.fix
        raise kind.error(f"the {kind.name} file {path} {trouble.what}", fix=fix) from None
    except UnicodeDecodeError:
        raise _malformed(kind, str(path)) from None


def _checked(kind: _Kind, text: str, source: str) -> str:
    """`text` without the newline an editor leaves; raises for anything an HTTP header cannot carry."""
    key = text.strip()
    if not key:
        raise kind.error(f"the {kind.name} in {source} is empty", fix=f"write the {kind.whole_name} into it")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise _malformed(kind, source)
    return key


def _malformed(kind: _Kind, source: str) -> NoSession:
    """Says where, never what: the text may be the key with a stray character."""
    what = f"the {kind.name} in {source} holds characters that no {kind.name} has"
    return kind.error(what, fix=f"copy the {kind.name} again, alone")
