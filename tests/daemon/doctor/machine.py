"""A machine made of a folder and of stand-in programs, as the doctor's checks see it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daemon.doctor.examining.patient import Patient
from daemon.house.file import check
from daemon.machine.check import examine_one
from daemon.machine.finding import Finding, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.machine.check import Check

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PI = "Raspberry Pi 4 Model B Rev 1.5\0"


@dataclass
class Machine:
    """Nothing is there, and nobody but /bin/sh is on the path, until a test says so."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    uid: int = 0
    consent: bool = False
    now: datetime = NOW

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def settings_path(self) -> Path:
        return self.root / "etc/pipit/pipit.toml"

    def file(self, path: str, text: str = "", mode: int = 0o644) -> Path:
        """A file of the machine."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)
        return place

    def settings(self, text: str) -> None:
        self.file("/etc/pipit/pipit.toml", text)

    def program(self, name: str, output: str = "", *, status: int = 0, errors: str = "", more: str = "") -> Path:
        """A program on the path that writes its arguments into NAME.log, `output` and `errors`, and does `more`."""
        folder = self.folder / "bin"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.out").write_text(output)
        (folder / f"{name}.err").write_text(errors)
        place = folder / name
        place.write_text(
            f'#!/bin/sh\necho "$@" >>{folder}/{name}.log\n{more}\n'
            f'while IFS= read -r line || [ -n "$line" ]; do printf \'%s\\n\' "$line"; done <{folder}/{name}.out\n'
            f'while IFS= read -r line || [ -n "$line" ]; do printf \'%s\\n\' "$line"; done <{folder}/{name}.err >&2\n'
            f"exit {status}\n"
        )
        place.chmod(0o755)
        return place

    def calls(self, name: str) -> list[str]:
        """The arguments that the program was called with, a line for each time."""
        log = self.folder / "bin" / f"{name}.log"
        return log.read_text().splitlines() if log.exists() else []

    def unit(self, **properties: str) -> None:
        """systemd runs, and `systemctl show` says this of Pipit's unit."""
        self.file("/run/systemd/system/.there")
        known = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", **properties}
        self.program("systemctl", "\n".join(f"{name}={value}" for name, value in known.items()))

    def site(self) -> Patient:
        environ = {"PATH": str(self.folder / "bin"), **self.environ}
        self.root.mkdir(exist_ok=True)
        settings = check(self.settings_path).settings if self.settings_path.exists() else None
        return Patient(
            root=self.root,
            settings_path=self.settings_path,
            settings=settings,
            environ=environ,
            consent=self.consent,
            uid=self.uid,
            now=lambda: self.now,
        )

    def finding(self, check: Check) -> Finding:
        return examine_one(check, self.site())


def assert_finding(finding: Finding, verdict: Verdict, *words: str) -> None:
    """The verdict, the words of the sentence, one sentence without a full stop, and a fix where one is needed."""
    assert finding.verdict is verdict, finding
    for word in words:
        assert word in finding.sentence, finding
    assert "fault of Pipit" not in finding.sentence
    assert not finding.sentence.endswith("."), finding
    assert "\n" not in finding.sentence + finding.fix
    assert not finding.sentence[0].isupper() or finding.sentence.startswith("TLS"), finding
    if verdict in (Verdict.WARNING, Verdict.BAD):
        assert finding.fix, finding


GOOD, WARNING, BAD, SKIPPED = Verdict.GOOD, Verdict.WARNING, Verdict.BAD, Verdict.SKIPPED

PYTHON = sys.executable
