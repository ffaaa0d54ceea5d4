"""Runs functions of installer/*.sh on a machine that is a folder; the programs they call are stand-ins on PATH."""

import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pytest

from tests.installer.machine import CHECKOUT, NO_SYNC, Originals, write_file

__all__ = ["CHECKOUT", "Parts", "parts"]

PRELUDE: Final = r"""
set -euo pipefail
for part in report system key wifi unit; do source "$CHECKOUT/installer/$part.sh"; done
start_log "$LOG_FILE"
set_traps
umask 022
"""

SYSTEMD_CREDS: Final = r"""#!/bin/bash
# Stands in for systemd-creds: turns letters by 13 to encrypt them. $FAKE_CREDS: what does not work
echo "systemd-creds $*" >>"$RECORD"
env >>"$RECORD"
case $1 in
    encrypt) [[ $FAKE_CREDS != encrypt ]] || { echo "no host key" >&2; exit 1; }
        { echo encrypted; tr A-Za-z N-ZA-Mn-za-m; } >"${@: -1}" ;;
    decrypt) file=${@: -2:1}
        [[ $FAKE_CREDS != decrypt && $(head -n 1 "$file") == encrypted ]] || { echo "bad message" >&2; exit 1; }
        tail -n +2 "$file" | tr A-Za-z N-ZA-Mn-za-m ;;
esac
"""

RECORDER: Final = r"""#!/bin/sh
echo "${0##*/} $*" >>"$RECORD"
"""

RECORDED: Final = ("systemctl", "udevadm", "nmcli", "systemd-sysusers", "userdel", "groupdel")


@cache
def programs(beside: Path) -> Originals:
    stand_ins = {"systemd-creds": SYSTEMD_CREDS, **dict.fromkeys(RECORDED, RECORDER)}
    return Originals.of_programs(Path(mkdtemp(dir=beside, prefix="programs-")), stand_ins)


@dataclass
class Parts:
    """A machine below `root`, for the functions of key.sh, wifi.sh and unit.sh."""

    folder: Path

    def __post_init__(self) -> None:
        self.root = self.folder / "root"
        self.root.mkdir()
        self.programs = self.folder / "programs"
        programs(self.folder.parent).link_into(self.programs)
        self.write("etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        self.write("etc/group", "root:x:0:\naudio:x:29:\n")

    def stand_in(self, name: str, text: str) -> None:
        """Put a program of this name before the machine's own."""
        write_file(self.programs / name, text.encode(), 0o755)

    def write(self, place: str, text: str) -> Path:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(self, place: str) -> str:
        return (self.root / place).read_text()

    def boot(self) -> None:
        """From now on a service manager runs."""
        (self.root / "run/systemd/system").mkdir(parents=True)

    def files(self, below: str = "etc") -> set[str]:
        return {str(path.relative_to(self.root)) for path in (self.root / below).rglob("*") if not path.is_dir()}

    @property
    def record(self) -> list[str]:
        path = self.folder / "record"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def run(self, script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run bash commands after the parts were read."""
        (self.folder / "record").unlink(missing_ok=True)
        return subprocess.run(
            ["bash", "-c", PRELUDE + script],
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "CHECKOUT": str(CHECKOUT),
                "ROOT": str(self.root),
                "LOG_FILE": str(self.folder / "log"),
                "RECORD": str(self.folder / "record"),
                "FAKE_CREDS": "",
                **NO_SYNC,
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ran(self, script: str, **environment: str) -> str:
        """What it said; a failure is the test's."""
        run = self.run(script, **environment)
        assert run.returncode == 0, run.stderr + self.log
        return run.stdout


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)
