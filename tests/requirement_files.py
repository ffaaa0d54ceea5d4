"""What requirements/*.txt pin, and the machines they are pinned for."""

import re
from pathlib import Path
from typing import Final

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

REQUIREMENT_FILES: Final = sorted((Path(__file__).parents[1] / "requirements").glob("*.txt"))

CLIENT_FILES: Final = sorted((Path(__file__).parents[1] / "requirements" / "clients").glob("*.txt"))
"""What `./install.sh test-clients` installs, each apart from all else: their versions need not agree with any other."""

TARGETS: Final = [
    {"python_version": version, "python_full_version": f"{version}.2", "platform_machine": machine}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for machine in ("x86_64", "aarch64")
]
"""The Python of Raspberry Pi OS and Debian 12, 13 and what comes next, on a Pi and on a PC."""


def pins(file: Path) -> list[tuple[Requirement, list[str]]]:
    """The requirements of a file with their hashes, each as `sha256:` and 64 hexadecimal digits."""
    text = file.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith(("#", "--"))]
    return [(Requirement(line.split(" --hash")[0]), re.findall(r"--hash=(\S+)", line)) for line in lines]


def applies(requirement: Requirement, target: dict[str, str]) -> bool:
    """Whether `requirement` is meant for `target`."""
    environment: dict[str, str] = {**default_environment(), **target}  # type: ignore[dict-item]
    return requirement.marker is None or requirement.marker.evaluate(environment)


def options(file: Path, option: str) -> set[NormalizedName]:
    """The packages that a requirement file gives to an option such as `--no-binary`."""
    lines = (line.split() for line in file.read_text().splitlines())
    return {canonicalize_name(words[1]) for words in lines if words[:1] == [option]}
