"""The devices that a broker knows: a file of names and hashes, so that who reads it has no secret.

A secret is a name and 256 random bits, made here and shown once. Such a secret cannot be guessed from its hash, so a
plain SHA-256 is as good as a slow one (NIST SP 800-63B §5.1.1.2 asks for slowness where people choose).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.errors import PipitError
from daemon.files import MB, FileTrouble, read_regular, status_of
from daemon.replaced_files import replace_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LARGEST_BYTES: Final = MB

FILE: Final = "devices"
RANDOM_BYTES: Final = 32
NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_LINE: Final = re.compile(r"(\S+) sha256:([0-9a-f]{64})")
_NOBODY: Final = "0" * 64
"""What the secret of a name that is not known is compared with, so that knowing it takes as long as not."""


class DevicesError(PipitError):
    """The file of devices cannot be used, or a device cannot be added or removed."""

    exit_status = os.EX_CONFIG


@dataclass(frozen=True)
class Devices:
    """The file. It is read anew for each question: what is removed is refused at once."""

    path: Path
    command: str = "pipit token-broker"
    """What lists them."""

    def recognise(self, secret: str) -> str | None:
        """The name of the device that has this secret; None if none has. Raises DevicesError."""
        name = secret.partition(":")[0]
        known = self._read().get(name, _NOBODY)
        return name if hmac.compare_digest(_hash(secret), known) else None

    def names(self) -> list[str]:
        """Raises DevicesError."""
        return sorted(self._read())

    def add(self, name: str) -> str:
        """Its secret, which nobody can show again; a device of that name gets a new one. Raises DevicesError."""
        if not NAME.fullmatch(name):
            raise DevicesError(
                f'"{name[:40]}" is no name of a device', fix='write letters a to z, digits and -, such as "kitchen"'
            )
        secret = f"{name}:{secrets.token_urlsafe(RANDOM_BYTES)}"
        with self._changing() as known:
            known[name] = _hash(secret)
        return secret

    def remove(self, name: str) -> None:
        """Its secret opens nothing from now on. Raises DevicesError."""
        with self._changing() as known:
            if known.pop(name, None) is None:
                raise DevicesError(f'there is no device "{name[:40]}"', fix=f"`{self.command} devices` lists them")

    def _read(self) -> dict[str, str]:
        try:
            mode = status_of(self.path).st_mode
            lines = read_regular(self.path, LARGEST_BYTES).decode("ascii").splitlines()
        except FileTrouble as trouble:
            if trouble.number == errno.ENOENT:
                return {}
            fix = "check its owner, or move it away"
            raise DevicesError(f"{self.path} cannot be read: it {trouble.what}", fix=fix) from trouble
        except UnicodeDecodeError as error:
            fix = "check its owner, or move it away"
            raise DevicesError(f"{self.path} cannot be read: it is not text", fix=fix) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise DevicesError(
                f"{self.path} is open to others (mode {stat.S_IMODE(mode):04o})", fix=f"chmod 600 {self.path}"
            )
        matches = [_LINE.fullmatch(line) for line in lines if line.strip()]
        if not all(matches):
            raise DevicesError(f"{self.path} holds a line that is no device", fix="remove the line")
        return {match[1]: match[2] for match in matches if match}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        """The devices, to be changed; written in one step at the end, one writer at a time."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.with_name(f".{self.path.name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                known = self._read()
                yield known
                self._write(known)
        except OSError as error:
            what = f"{self.path} cannot be written: {error.strerror}"
            raise DevicesError(what, fix="run it as the user who serves, or name another folder by --state") from error

    def _write(self, known: Mapping[str, str]) -> None:
        text = "".join(f"{name} sha256:{digest}\n" for name, digest in sorted(known.items()))
        replace_content(self.path, text.encode())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
