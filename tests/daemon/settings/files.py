"""Files of settings, and what is told of them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.errors import SettingsError
from daemon.house.file import load_settings

Write = Callable[..., Path]


def problems_of(path: Path) -> list[str]:
    """The problems, without the folder they all are in."""
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    return str(raised.value).replace(f"{path.parent}{os.sep}", "").splitlines()


WITHOUT_POWERS = """
import ctypes, struct, sys
ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), bytes(24))
from daemon.command_line.pipit import run_command
sys.exit(run_command(sys.argv[1:]))
"""
"""Tests may run as root, who may read everything: by capabilities (capset(2)), which a process can put away."""


def checked_without_powers(path: Path, *command: str) -> tuple[int, str, str]:
    """What a command says of settings to a user to whom modes apply."""
    arguments = [*(command or ("check",)), "--settings", str(path)]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POWERS, *arguments], check=False, timeout=120, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr
