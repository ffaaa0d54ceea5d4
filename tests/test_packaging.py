"""What is installed: pinned by hash, for every Python and machine, from no named server; and why it is needed."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.clients.catalogue import CLIENTS
from tests.requirement_files import CLIENT_FILES, REQUIREMENT_FILES, TARGETS, applies, pins

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())

REGISTRIES: Final = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"), ("piwheels", "org"))
]
"""Package servers: pip, npm and apt know where they are, so no file here may name one."""

NOT_OURS: Final = re.compile(
    r"^(\.git|\.venv.*|models|node_modules|.*cache.*|\.hypothesis|.*\.egg-info|demo-output|install\.log)$"
)


def pinned_for(file: str, target: dict[str, str]) -> dict[str, list[str]]:
    """The versions that pip would take from requirements/`file`.txt on `target`, by package."""
    versions: dict[str, list[str]] = {}
    for requirement, _ in pins(ROOT / "requirements" / f"{file}.txt"):
        if applies(requirement, target):
            versions.setdefault(canonicalize_name(requirement.name), []).extend(
                specifier.version for specifier in requirement.specifier
            )
    return versions


def asked_for() -> Iterator[tuple[str, Requirement]]:
    """Each dependency of pyproject.toml, and the requirement file that must pin it."""
    yield from (("run", Requirement(text)) for text in PROJECT["project"]["dependencies"])
    yield from (("build", Requirement(text)) for text in PROJECT["build-system"]["requires"])
    for group, texts in PROJECT["dependency-groups"].items():
        file = re.sub("^(client|peer)-", r"\1s/", group)
        yield from ((file, Requirement(text)) for text in texts)


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    """The files of the project itself."""
    for path in sorted(folder.iterdir()):
        if NOT_OURS.match(path.name):
            continue
        if path.is_dir():
            yield from our_files(path)
        elif path.is_file() and path.suffix not in {".pyc", ".wav", ".png"}:
            yield path


@pytest.mark.parametrize("file", [*REQUIREMENT_FILES, *CLIENT_FILES], ids=lambda file: file.name)
def test_every_requirement_is_one_version_with_its_hashes(file: Path) -> None:
    assert pins(file)
    for requirement, hashes in pins(file):
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement


@pytest.mark.parametrize("file", [*REQUIREMENT_FILES, *CLIENT_FILES], ids=lambda file: file.name)
def test_the_only_options_say_what_is_built_from_source(file: Path) -> None:
    options = {line.split()[0] for line in file.read_text().splitlines() if line.startswith("-")}
    assert options <= {"--only-binary", "--no-binary"}


@pytest.mark.parametrize("file", REQUIREMENT_FILES, ids=lambda file: file.name)
def test_a_package_that_is_needed_with_an_extra_is_pinned_with_it(file: Path) -> None:
    """A pip before 23.3 (Debian 12 has 23.0) does not apply the pin of `name` to `name[extra]` (pip #11924)."""
    pinned = {canonicalize_name(requirement.name): requirement.extras for requirement, _ in pins(file)}
    for name in pinned:
        for text in needs_of(name):
            wanted = Requirement(text)
            if applies(wanted, {"extra": ""}) and canonicalize_name(wanted.name) in pinned:
                assert wanted.extras <= pinned[canonicalize_name(wanted.name)], f"{name} needs {wanted}"


def needs_of(name: str) -> list[str]:
    """The dependencies of an installed package; none of one that this machine does not need."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: "-".join(target.values()))
def test_every_dependency_is_pinned_to_one_version_that_serves(target: dict[str, str]) -> None:
    for file, requirement in asked_for():
        versions = pinned_for(file, target).get(canonicalize_name(requirement.name), [])
        assert len(versions) == 1, f"{requirement} in {file}.txt: {versions}"
        assert requirement.specifier.contains(versions[0]), f"{requirement} in {file}.txt: {versions[0]}"


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: "-".join(target.values()))
def test_no_two_files_pin_different_versions(target: dict[str, str]) -> None:
    seen: dict[str, list[str]] = {}
    for file in REQUIREMENT_FILES:
        for name, versions in pinned_for(file.stem, target).items():
            assert seen.setdefault(name, versions) == versions, f"{name} in {file.name}"


def test_every_client_has_a_file_and_every_file_its_client() -> None:
    groups = {group.removeprefix("client-") for group in PROJECT["dependency-groups"] if group.startswith("client-")}
    assert {file.stem for file in CLIENT_FILES} == groups
    assert groups == {client.name for client in CLIENTS if client.own_environment}


def test_nothing_of_the_clients_is_what_pipit_asks_for() -> None:
    """Pipit runs on small boards: what only a client needs may not creep into its own files."""
    theirs = {canonicalize_name(client.package) for client in CLIENTS if client.own_environment}
    ours = {canonicalize_name(requirement.name) for file in REQUIREMENT_FILES for requirement, _ in pins(file)}
    assert not theirs & ours


def test_every_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    dependencies = [str(requirement) for _, requirement in asked_for()]
    named = [line for line in lines if re.match(r'\s*(requires = \[)?"[\w-]+(\[[\w,-]+\])?[<>=!]', line)]
    assert len(named) == len(dependencies)
    without_reason = [line for line in named if not re.search(r"#\s+\S+", line)]
    assert without_reason == []


def test_no_file_names_a_package_server() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in our_files()
        for host in REGISTRIES
        if host in path.read_text(errors="replace")
    ]
    assert found == []


def test_every_file_that_the_program_reads_is_in_the_wheel() -> None:
    """setuptools takes modules by itself, and of other files those that package-data names."""
    wanted = PROJECT["tool"]["setuptools"]["package-data"]
    taken = {
        path for package, patterns in wanted.items() for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }  # fmt: skip
    others = {
        path
        for folder in ("daemon", "hardware")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert others
    assert others - taken == set()
    assert all((path.parent / "__init__.py").is_file() for path in taken)


def test_the_licence_is_the_one_that_is_declared() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in text


def test_the_version_has_its_entry_in_the_changelog() -> None:
    version = re.search(r'__version__ = "(.+)"', (ROOT / "daemon" / "__init__.py").read_text())
    assert version
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changelog or f"## [{version[1]}]" in changelog
