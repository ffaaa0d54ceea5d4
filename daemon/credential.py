"""Where the API key comes from: the systemd credential, else the file of the settings, else the environment."""

import stat
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from daemon.errors import KeyMissing

CREDENTIAL = "gemini-api-key"
"""The name in the unit's `LoadCredential=`."""
VARIABLE = "GEMINI_API_KEY"
"""For trying things out: children inherit an environment, so the service does not use it."""

_SETUP = (
    "run `sudo ./install.sh install`, which asks for a key, or name a file with mode 0600 as [live.credential] file"
)


def find_key(file: str, environment: Mapping[str, str]) -> SecretStr:
    """The first key there is, which no repr, log or traceback shows.

    `file` is `settings.live.credential.file`. Raises KeyMissing, naming the place, if there is none or what is there
    cannot be a key; a place that exists but is unusable is never passed over, for the user meant it.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    if folder and (credential := Path(folder, CREDENTIAL)).exists():
        return _key(_read(credential), f"the systemd credential {CREDENTIAL}")
    if file:
        return _key(_read_private(Path(file)), file)
    if VARIABLE in environment:
        return _key(environment[VARIABLE], f"${VARIABLE}")
    raise KeyMissing("there is no API key", fix=_SETUP)


def _read_private(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise KeyMissing(f"the API key file {path} cannot be read: {error.strerror}", fix=_SETUP) from None
    if stat.S_IMODE(mode) & 0o077:
        raise KeyMissing(f"the API key file {path} may be read by other users", fix=f"run `sudo chmod 600 {path}`")
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise KeyMissing(f"the API key file {path} cannot be read: {error.strerror}", fix=_SETUP) from None


def _key(text: str, place: str) -> SecretStr:
    """What surrounds a key is cut off; what is no single printable ASCII word is refused, unseen."""
    key = text.strip()
    if not key:
        raise KeyMissing(f"{place} holds no API key, it is empty", fix=_SETUP)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KeyMissing(f"{place} does not hold an API key and nothing else", fix="store the key alone, on one line")
    return SecretStr(key)
