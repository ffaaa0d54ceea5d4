"""Compiled libraries, each imported in a child process: a wheel for another processor ends it with SIGILL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good
from daemon.machine.model import PYTHON, SUDO
from daemon.machine.site import TIMED_OUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.doctor.examining.patient import Patient
    from daemon.machine.site import Completed

MODULES: Final = (
    "numpy",
    "onnxruntime",
    "soxr",
    "soundfile",
    "alsaaudio",
    "systemd.daemon",
    "pydantic_core",
    "cryptography.hazmat.bindings._rust",
    "tree_sitter",
)
"""What Pipit runs that is not Python; lgpio is looked at by the check of its name."""

TIMEOUT_S: Final = 25.0
"""All together take 0.6 s on a desktop and some seconds on a Pi Zero 2 W."""

_PROGRAM: Final = "import sys\nfor name in sys.argv[1:]:\n    print(name, flush=True)\n    __import__(name)"
"""What it prints last is what it was at."""

_SIGNALS: Final = {
    "SIGILL": "it was built for another processor",
    "SIGSEGV": "it is damaged, or does not fit another library",
    "SIGBUS": "its file is damaged, as by a failing SD card",
}


def import_all(site: Patient, modules: Sequence[str], python: str = PYTHON) -> list[str]:
    """Import them in one child, and in another what comes after one that fails; a sentence for each that does.

    Raises CannotTell if there is no such Python.
    """
    problems = []
    left = list(modules)
    while left:
        done = site.run([python, "-P", "-c", _PROGRAM, *left], TIMEOUT_S)
        if not done.found:
            raise CannotTell(f"{python} cannot be started by this user", fix=SUDO)
        if done.ok:
            break
        tried = done.output.splitlines()
        culprit = tried[-1] if tried else left[0]
        problems.append(_sentence(culprit, done))
        left = left[left.index(culprit) + 1 :] if culprit in left else []
    return problems


def _sentence(module: str, done: Completed) -> str:
    if done.signal:
        why = _SIGNALS.get(done.signal, "it fails by itself")
        return f"importing {module} ends in {done.signal}: {why}"
    if done.status == TIMED_OUT:
        return f"importing {module} did not end within {TIMEOUT_S:g} s"
    last = done.last_error or f"status {done.status}"
    return f"{module} cannot be imported ({last})"


def _examine(site: Patient) -> Finding:
    problems = import_all(site, MODULES)
    if problems:
        return bad(
            "; ".join(problems), "run `sudo ./install.sh install` again; if it stays so, report it with the Pi's model"
        )
    return good(f"all {len(MODULES)} compiled libraries can be imported")


NATIVE_IMPORTS = Check("native-imports", "Do the compiled libraries run on this processor?", _examine)
