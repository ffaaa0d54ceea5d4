"""A virtual environment for each client: they conflict with one another, and with what Pipit runs on."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.clients.catalogue import ROOT, Client

FOLDER: Final = ROOT / ".venv-clients"

BUILD: Final = ROOT / "requirements" / "build.txt"
"""What builds a package that has no wheel."""

STAMP: Final = "pipit-requirements"
"""The file in an environment that says what it was made from."""


def install(python: Path, file: Path) -> None:
    """Install what a requirement file pins; what has no wheel is built with what is there already (`BUILD`)."""
    command: list[str | Path] = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    command += ["--no-build-isolation", "--use-pep517", "--require-hashes", "--requirement", file]
    subprocess.run(command, check=True)


def environment(client: Client) -> Path:
    """The Python of the client's environment, made and filled if it is not there; raises CalledProcessError."""
    if not client.own_environment:
        return Path(sys.executable)
    folder = FOLDER / client.name
    python, stamp = folder / "bin" / "python", folder / STAMP
    wanted = hashlib.sha256(client.requirements.read_bytes() + sys.version.encode()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"installing {client.name} from {client.requirements.relative_to(ROOT)}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install(python, BUILD)
    install(python, client.requirements)
    stamp.write_text(wanted)
    return python
