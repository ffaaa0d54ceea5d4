"""A virtual environment for each client: they conflict with one another, and with what Pipit runs on."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / ".venv-clients"
REQUIREMENTS: Final = ROOT / "requirements" / "clients"

BUILD: Final = ROOT / "requirements" / "build.txt"
"""What builds a package that has no wheel."""

STAMP: Final = "pipit-requirements"
"""The file in an environment that says what it was made from."""


def requirements(client: str) -> Path:
    """The file that pins a client and all it needs."""
    return REQUIREMENTS / f"{client}.txt"


def pinned(client: str, package: str) -> str:
    """The version of `package` in the client's file; raises LookupError if it is not there."""
    found = re.search(rf"^{re.escape(package)}(?:\[[^\]]*\])?==(\S+)", requirements(client).read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{requirements(client)} does not pin {package}")
    return found[1]


def install(python: Path, file: Path) -> None:
    """Install what a requirement file pins; what has no wheel is built with what is there already (`BUILD`)."""
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    command += ["--no-build-isolation", "--use-pep517", "--require-hashes", "--requirement", file]
    subprocess.run(command, check=True)


def environment(client: str) -> Path:
    """The Python of the client's environment, made and filled if it is not there; raises CalledProcessError."""
    folder = FOLDER / client
    python, stamp = folder / "bin" / "python", folder / STAMP
    wanted = hashlib.sha256(requirements(client).read_bytes() + sys.version.encode()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"installing {client} from {requirements(client).relative_to(ROOT)}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install(python, BUILD)
    install(python, requirements(client))
    stamp.write_text(wanted)
    return python
