"""Every pinned package can be had: on every Python and machine, a wheel that loads on Debian 12, or a source to build.

The package servers are asked which files a pinned release has; of those only the ones count whose hash is pinned.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

from tests.requirement_files import CLIENT_FILES, REQUIREMENT_FILES, TARGETS, applies, options, pins

ROOT: Final = Path(__file__).parents[1]
PINS: Final = ROOT / "requirements" / "pins.txt"

OLDEST_GLIBC: Final = (2, 36)
"""Debian 12's: a wheel for a newer one does not load there."""

DEADLINE_S: Final = 60.0
"""For one listing by the package servers; they take half a second."""

BUILT_ON_THE_DEVICE: Final = {"pyalsaaudio", "systemd-python", "lgpio"}
"""These alone may need a compiler; installer/system.sh names the headers they want."""

EMPTY_LGPIO: Final = "0.0.0.2"
"""A release of lgpio without a driver in it, which has a wheel for every Python."""

UNREACHABLE: Final = re.compile("error sending request|dns error|failed to fetch|connect|timed out", re.IGNORECASE)


@dataclass(frozen=True)
class Pinned:
    """A requirement of a file, with those files of its release whose hashes are pinned."""

    requirement: Requirement
    wheels: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def listing(file: Path) -> str:
    """The files of the releases that `file` pins, as a pylock.toml; "# why" if the package servers do not say."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--no-deps", "--no-annotate", "--no-header", "--no-config", "--format", "pylock.toml", str(file)]
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
            env={**os.environ, "UV_HTTP_RETRIES": "1"},
        )
    except subprocess.TimeoutExpired:
        return f"# no answer within {DEADLINE_S:.0f} s"
    if result.returncode and UNREACHABLE.search(result.stderr):
        return f"# {' '.join(result.stderr.split())}"
    assert result.returncode == 0, result.stderr
    return result.stdout


def listed(file: Path) -> dict[str, str]:
    """The SHA-256 of every file of the releases that `file` pins, with the file's name."""
    text = listing(file)
    if text.startswith("# "):
        pytest.skip(f"the package servers cannot be reached: {text.removeprefix('# ')}")
    return dict(files_of(tomllib.loads(text)["packages"]))


def files_of(packages: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """(SHA-256, name) of every file in the `packages` of a pylock.toml."""
    for package in packages:
        source, wheels = package.get("sdist"), package.get("wheels", [])
        assert isinstance(wheels, list)
        for file in [*wheels, *([source] if isinstance(source, dict) else [])]:
            yield file["hashes"]["sha256"], PurePosixPath(file["url"]).name


@cache
def pinned(file: Path) -> tuple[Pinned, ...]:
    """The requirements of `file` with the files that may be installed for them."""
    return tuple(among(listed(file), file))


def among(names: dict[str, str], file: Path) -> Iterator[Pinned]:
    """… of those that are listed."""
    for requirement, hashes in pins(file):
        known = [names[digest] for value in hashes if (digest := value.removeprefix("sha256:")) in names]
        wheels = tuple(name for name in known if name.endswith(".whl"))
        yield Pinned(requirement, wheels, tuple(name for name in known if not name.endswith(".whl")))


@cache
def loadable(version: str, machine: str) -> frozenset[Tag]:
    """The tags of the wheels that CPython `version` (as in "3.13") loads on `machine` with `OLDEST_GLIBC`."""
    major, minor = (int(part) for part in version.split("."))
    platforms = [f"manylinux_{OLDEST_GLIBC[0]}_{old}_{machine}" for old in range(OLDEST_GLIBC[1], 4, -1)]
    platforms += [f"manylinux{name}_{machine}" for name in ("2014", "2010", "1")] + [f"linux_{machine}"]
    abi = f"cp{major}{minor}"
    return frozenset(
        [*cpython_tags((major, minor), [abi], platforms), *compatible_tags((major, minor), abi, platforms)]
    )


def has_wheel(candidate: Pinned, target: dict[str, str]) -> bool:
    """Whether a pinned wheel loads on `target`."""
    tags = loadable(target["python_version"], target["platform_machine"])
    return any(parse_wheel_filename(name)[3] & tags for name in candidate.wheels)


@pytest.mark.parametrize("file", REQUIREMENT_FILES, ids=lambda file: file.name)
def test_every_pinned_package_has_a_wheel_or_is_built(file: Path) -> None:
    missing = [
        (str(candidate.requirement), target["python_version"], target["platform_machine"])
        for target in TARGETS
        for candidate in pinned(file)
        if applies(candidate.requirement, target)
        and not has_wheel(candidate, target)
        and canonicalize_name(candidate.requirement.name) not in BUILT_ON_THE_DEVICE
    ]
    assert missing == [], "no wheel for this Python on this machine"


@pytest.mark.parametrize("file", REQUIREMENT_FILES, ids=lambda file: file.name)
def test_what_has_no_wheel_has_its_source_pinned(file: Path) -> None:
    for candidate in pinned(file):
        name = canonicalize_name(candidate.requirement.name)
        assert name not in BUILT_ON_THE_DEVICE or candidate.sources, f"{candidate.requirement}: no source is pinned"


@pytest.mark.parametrize("file", REQUIREMENT_FILES, ids=lambda file: file.name)
def test_only_the_named_packages_may_be_built_from_source(file: Path) -> None:
    everything_else_is_a_wheel = options(file, "--only-binary") == {":all:"}
    assert options(file, "--no-binary") <= BUILT_ON_THE_DEVICE
    assert everything_else_is_a_wheel or len(pins(file)) == 1  # one package, which the file is named for


@pytest.mark.parametrize("file", CLIENT_FILES, ids=lambda file: file.name)
def test_a_client_is_installed_from_wheels_but_for_what_has_none(file: Path) -> None:
    assert options(file, "--only-binary") == {":all:"}
    assert options(file, "--no-binary") <= {"docopt"}  # pure Python, abandoned before wheels were common


def test_the_driver_of_pins_is_a_real_one_and_never_the_empty_release() -> None:
    ((requirement, hashes),) = pins(PINS)
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["pins"]
    assert requirement.name == "lgpio"
    for refused in [requirement, *map(Requirement, asked)]:
        assert not refused.specifier.contains(EMPTY_LGPIO), refused
        assert refused.specifier.contains("0.2.2.0"), refused
    assert options(PINS, "--only-binary") == set(), "with wheels only, Python 3.13 would get the empty release"
    assert len(hashes) > 1


def test_the_driver_of_pins_is_built_from_python_313_on() -> None:
    (candidate,) = pinned(PINS)
    built = {target["python_version"] for target in TARGETS if not has_wheel(candidate, target)}
    assert built == {"3.13", "3.14"}
    assert candidate.sources == ("lgpio-0.2.2.0.tar.gz",)
