"""Files of settings, and what is told of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.errors import SettingsError
from daemon.house.file import load_settings
from tests.daemon.processes import run_module

Write = Callable[..., Path]


def problems_of(path: Path) -> list[str]:
    """The problems, without the folder they all are in."""
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    return str(raised.value).replace(f"{path.parent}{os.sep}", "").splitlines()


WITHOUT_POWERS = """
import ctypes, struct
ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), bytes(24))
"""
"""Tests may run as root, who may read everything: by capabilities (capset(2)), which a process can put away."""


def checked_without_powers(path: Path, *command: str) -> tuple[int, str, str]:
    """What a command says of settings to a user to whom modes apply."""
    done = run_module("daemon", *(command or ("check",)), "--settings", str(path), before=WITHOUT_POWERS)
    return done.returncode, done.stdout, done.stderr
