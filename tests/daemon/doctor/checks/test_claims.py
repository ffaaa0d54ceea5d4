"""The program that asks who has claimed which line, with a stand-in for lgpio on the path of modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]

LGPIO = """
import os
open(os.path.join(os.environ["LG_WD"], ".lgd-nfy0"), "w").close()
LABELS = {labels}
USERS = {{17: "lg", 7: "spi0 CS1"}}
opened = []
def gpiochip_open(number):
    opened.append(number)
    return number
def gpiochip_close(handle):
    opened.remove(handle)
def gpio_get_chip_info(handle):
    return [0, 54, f"gpiochip{{handle}}", LABELS[handle]]
def gpio_get_line_info(handle, line):
    assert handle in opened
    return [0, line, 0, f"GPIO{{line}}", USERS.get(line, "")]
"""

Ask = Callable[[str, str], tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def run(wanted: str, lgpio: str) -> tuple[int, dict[str, Any]]:
        (tmp_path / "lgpio.py").write_text(lgpio)
        done = subprocess.run(
            [sys.executable, "-m", "daemon.doctor.checks.claims", wanted],
            env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "TMPDIR": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def test_an_empty_lgpio_is_told(ask: Ask) -> None:
    status, answer = ask("auto", "")
    assert status != 0
    assert "empty package" in answer["error"]
    assert "0.2.2" in answer["fix"]


def test_a_chip_that_is_not_there_is_told_and_nothing_is_left_behind(ask: Ask, tmp_path: Path) -> None:
    status, answer = ask("gpiochip4711", LGPIO.format(labels={}))
    assert status == os.EX_NOINPUT
    assert "gpiochip4711" in answer["error"]
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"lgpio.py", "__pycache__"}] == []
