"""The program's own modules as processes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from daemon.doctor.examining.child import own_module

if TYPE_CHECKING:
    from pathlib import Path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_what_lies_in_the_working_directory_is_not_run(tmp_path: Path) -> None:
    for name in ("daemon", "json", "hardware"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("print('taken in')")
    done = run(own_module("daemon.doctor.checks.claims", "gpiochip9999"), tmp_path)
    assert "taken in" not in done.stdout + done.stderr
    assert '"error"' in done.stdout


def test_it_gets_its_arguments_and_its_status_counts(tmp_path: Path) -> None:
    done = run(own_module("daemon", "schema", "--no-such-option"), tmp_path)
    assert done.returncode == 2
    assert "--no-such-option" in done.stderr
    assert run(own_module("daemon", "--version"), tmp_path).returncode == 0
