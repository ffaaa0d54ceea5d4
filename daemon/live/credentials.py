"""Where the API key comes from. The daemon holds it in memory and hands it to the SDK; it goes nowhere else."""

import stat
from collections.abc import Mapping
from pathlib import Path

from daemon.errors import KeyMissing

CREDENTIAL = "gemini-api-key"
"""The name systemd's `LoadCredential=` gives the file."""


def find_key(file: str, environ: Mapping[str, str]) -> str:
    """The API key, from the first of: systemd's credential, `file` (empty = none), `GEMINI_API_KEY`.

    A place that is named but cannot be used is an error, not a reason to look further: the user meant it. Raises
    KeyMissing.
    """
    if (folder := environ.get("CREDENTIALS_DIRECTORY")) and (credential := Path(folder, CREDENTIAL)).exists():
        return _handed_on(credential)
    if file:
        path = Path(file).expanduser()
        _refuse_shared(path)
        return _checked(_read(path), str(path))
    if key := environ.get("GEMINI_API_KEY"):
        return _checked(key, "GEMINI_API_KEY")
    raise KeyMissing(
        "there is no API key",
        fix="put one into a file of mode 0600 and name it in [live.credential] file, or set GEMINI_API_KEY",
    )


def _handed_on(credential: Path) -> str:
    """systemd/gemini-api-key*.conf hand on an empty line where there is nothing else, so that the service starts."""
    text = _read(credential)
    if not text.strip():
        raise KeyMissing(
            "systemd hands on no API key: none is stored, or this machine cannot decrypt the one that is",
            fix="sudo ./install.sh key",
        )
    return _checked(text, str(credential))


def _refuse_shared(path: Path) -> None:
    """A key that others can read is a key that others have; systemd's own credentials are safe by construction."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise KeyMissing(f"the key file {path} does not exist", fix="write the API key into it") from None
    except OSError as error:
        raise KeyMissing(f"the key file {path} cannot be reached: {error.strerror}", fix="check its folders") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        shown = f"{stat.S_IMODE(mode):04o}"
        raise KeyMissing(f"the key file {path} is open to others (mode {shown})", fix=f"chmod 600 {path}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise KeyMissing(f"the key file {path} cannot be read: {error.strerror}", fix="check its owner") from None
    except UnicodeDecodeError:
        raise _malformed(str(path)) from None


def _checked(text: str, source: str) -> str:
    """`text` without the newline an editor leaves; raises KeyMissing for anything an HTTP header cannot carry."""
    key = text.strip()
    if not key:
        raise KeyMissing(f"the key in {source} is empty", fix="write the API key into it")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise _malformed(source)
    return key


def _malformed(source: str) -> KeyMissing:
    """Says where, never what: the text may be the key with a stray character."""
    return KeyMissing(f"the key in {source} holds characters that no key has", fix="copy the key again, alone")
