"""Every shell script here: formatted by shfmt as .editorconfig says, and without a finding of shellcheck."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]
FOLDERS: Final = (".ci", "docs", "installer", "requirements", "systemd", "tests")
SUFFIXES: Final = (".sh", ".bash", ".bats")
SHELL: Final = re.compile(r"#!.*\b(ba)?sh\b")

needs_shfmt: Final = pytest.mark.skipif(shutil.which("shfmt") is None, reason="shfmt is not installed")
needs_shellcheck: Final = pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")


def is_shell(path: Path) -> bool:
    if not path.is_file() or path.is_symlink() or "fixtures" in path.parts:
        return False
    with path.open("rb") as file:
        first = file.readline(200).decode(errors="replace")
    return path.suffix in SUFFIXES or SHELL.match(first) is not None


def shell_scripts() -> list[str]:
    """Paths from the checkout, of what lies at its top and in the folders that are part of it."""
    files = [*CHECKOUT.glob("*"), *(file for folder in FOLDERS for file in (CHECKOUT / folder).rglob("*"))]
    return sorted(str(file.relative_to(CHECKOUT)) for file in files if is_shell(file))


SCRIPTS: Final = shell_scripts()
PARTS: Final = re.findall(r'^source "\$CHECKOUT/(.*)"$', (CHECKOUT / "install.sh").read_text(), re.MULTILINE)


def output_of(*command: str) -> str:
    """What a checker says, on both streams. Its status goes with it: neither has one but 0 without a word."""
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    return run.stdout + run.stderr + ("" if run.returncode == 0 else f"status {run.returncode}")


def test_all_of_them_are_looked_at() -> None:
    assert {"install.sh", ".ci/run", "requirements/compile", "tests/installer/boot.bats"} <= set(SCRIPTS)
    assert len(PARTS) > 10


def test_a_part_of_the_installer_is_sourced_or_runs_by_itself() -> None:
    for script in SCRIPTS:
        if script.startswith("installer/") and script not in PARTS:
            assert SHELL.match((CHECKOUT / script).read_text()), f"install.sh does not source {script}"


@needs_shfmt
def test_shfmt_would_change_nothing() -> None:
    said = output_of("shfmt", "--diff", *SCRIPTS)
    assert said == "", said


@needs_shellcheck
def test_shellcheck_finds_nothing_in_the_installer_and_its_parts() -> None:
    said = output_of("shellcheck", "--external-sources", "--check-sourced", "install.sh")
    assert said == "", said


@needs_shellcheck
def test_shellcheck_finds_nothing_in_the_other_scripts() -> None:
    others = [script for script in SCRIPTS if script not in ("install.sh", *PARTS)]
    said = output_of("shellcheck", "--external-sources", *others)
    assert said == "", said
