"""Every shell script here is given to shfmt and shellcheck by `install.sh test`."""

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


def test_all_of_them_are_looked_at() -> None:
    assert {"install.sh", ".ci/run", "requirements/compile", "tests/installer/boot.bats"} <= set(SCRIPTS)
    assert len(PARTS) > 10


def test_a_part_of_the_installer_is_sourced_or_runs_by_itself() -> None:
    for script in SCRIPTS:
        if script.startswith("installer/") and script not in PARTS:
            assert SHELL.match((CHECKOUT / script).read_text()), f"install.sh does not source {script}"


@needs_shfmt
def test_install_sh_checks_every_one_of_them() -> None:
    """By shfmt and shellcheck, once: here they would do the same again."""
    (folders,) = re.findall(r"shfmt --find ([^)]*)\)", (CHECKOUT / "install.sh").read_text())
    found = subprocess.run(
        ["shfmt", "--find", *folders.split()], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert sorted(found.stdout.splitlines()) == SCRIPTS
