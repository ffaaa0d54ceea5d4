"""Facts that the installer and the doctor share: bash and Python read one file, and agree with what else tells them."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from daemon.live.options import GOOGLE
from daemon.machine import facts
from daemon.machine.facts import FILE, read_facts

ROOT = Path(__file__).parents[3]


def test_bash_and_python_read_the_same() -> None:
    read = read_facts(FILE.read_text())
    script = f'source "{FILE}"; for name in {" ".join(read)}; do printf "%s=%s\\n" "$name" "${{!name}}"; done'
    said = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, timeout=30, check=True).stdout
    assert said.splitlines() == [f"{name}={value}" for name, value in read.items()]


@pytest.mark.parametrize(
    "line", ["A", "A=1 B=2", "A = 1", "1A=2", "=1", "echo=1 x", "A=1\nA=2", "export A=1"], ids=lambda line: repr(line)
)
def test_a_line_that_bash_would_read_otherwise_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line \d is not a NAME=VALUE of its own"):
        read_facts(line)


def test_remarks_and_quotes() -> None:
    assert read_facts('# no\n\nA="b c" # d\nE=\n') == {"A": "b c", "E": ""}


def test_the_installer_keeps_no_second_copy() -> None:
    scripts = "".join(path.read_text() for path in (ROOT / "installer").glob("*.sh"))
    for name in read_facts(FILE.read_text()):
        assert not re.search(rf"^[^#\n]*\b{name}=", scripts, re.MULTILINE), name
        assert re.search(rf"\b{name}\b", scripts), f"nobody in the installer asks for {name}"


def test_no_release_in_the_change_log_is_newer_than_the_clock_is_held_to() -> None:
    dates = re.findall(r"^## \[.*\] - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert all(date <= f"{facts.RELEASED:%Y-%m-%d}" for date in dates)


def test_they_agree_with_the_service_that_is_asked_and_the_pythons_that_are_taken() -> None:
    assert urlsplit(GOOGLE).hostname == facts.SERVICE_HOST
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={facts.PYTHON_VERSIONS[0]}"
    candidates = re.findall(r"python(3\.\d+)", (ROOT / "installer/python.sh").read_text().partition("describe")[0])
    assert set(candidates) == set(facts.PYTHON_VERSIONS)


def test_they_need_nothing_but_the_standard_library() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import daemon.machine.facts"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
