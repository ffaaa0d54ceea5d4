"""install.sh as a script: valid, free of findings, and clear about what it can do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.installer.machine import CHECKOUT, Machine, last_line

SCRIPTS: Final = [CHECKOUT / "install.sh", CHECKOUT / "requirements" / "compile", CHECKOUT / ".ci" / "run"]
PARTS: Final = sorted((CHECKOUT / "installer").glob("*.sh"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", [*SCRIPTS, *PARTS], ids=lambda script: script.name)
def test_it_is_valid_bash(script: Path) -> None:
    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_no_function_hides_a_command() -> None:
    names = [
        name for part in (SCRIPTS[0], *PARTS) for name in re.findall(r"^(\w+)\(\)", part.read_text(), re.MULTILINE)
    ]
    assert len(names) > 20
    assert [name for name in names if shutil.which(name)] == []


def test_help_tells_every_command(machine: Machine) -> None:
    run = machine.install("help")
    assert run.returncode == 0
    _, _, dispatcher = (machine.checkout / "install.sh").read_text().partition("main() {")
    commands = re.findall(r"^        ([a-z-]+)(?: [^\n]*)?\)", dispatcher, re.MULTILINE)
    assert {"demo", "test", "bench", "test-vm", "test-clients"} <= set(commands)
    assert {"install", "upgrade", "rollback", "key", "uninstall", "purge"} <= set(commands)
    for command in commands:
        assert f"install.sh {command}" in run.stdout


@pytest.mark.parametrize("arguments", [("nonsense",), ("install", "--nonsense"), ("purge", "--nonsense")])
def test_what_it_does_not_know_is_refused(machine: Machine, arguments: tuple[str, ...]) -> None:
    run = machine.install(*arguments)
    assert run.returncode == 2
    assert re.fullmatch(
        r"install.sh: unknown (command|option) '(--)?nonsense' — fix: ./install.sh help", last_line(run)
    )


def test_without_a_command_it_shows_how(machine: Machine) -> None:
    run = machine.install()
    assert run.returncode == 2
    assert run.stderr.startswith("usage:")
