"""pip as install.sh uses it, the real one: pinned by hash, with the indexes that the machine's own settings name."""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.installer.machine import CHECKOUT
from tests.repetition import THOROUGH

NAME = "pipit-probe"
WHEEL = "pipit_probe-1.0-py3-none-any.whl"


def make_index(folder: Path, content: str) -> str:
    """An index with one package, whose wheel has this content; the wheel's hash."""
    place = folder / NAME
    place.mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: pipit-probe\nVersion: 1.0\n"
    files = {
        "pipit_probe.py": content,
        "pipit_probe-1.0.dist-info/METADATA": metadata,
        "pipit_probe-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(place / WHEEL, "w") as wheel:
        for name, text in {**files, "pipit_probe-1.0.dist-info/RECORD": record}.items():
            wheel.writestr(name, text)
    sha256 = hashlib.sha256((place / WHEEL).read_bytes()).hexdigest()
    (place / "index.html").write_text(
        f'<!DOCTYPE html><html><body><a href="{WHEEL}#sha256={sha256}">{WHEEL}</a></body></html>'
    )
    return sha256


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def pip_install(target: Path, sha256: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run installer/python.sh's own function, with its environment a way back to this Python."""
    requirement = target.parent / "requirements.txt"
    requirement.write_text(f"{NAME}==1.0 --hash=sha256:{sha256}\n")
    environment = target.parent / "environment"
    (environment / "bin").mkdir(parents=True, exist_ok=True)
    (environment / "bin" / "python").write_text(f'#!/bin/bash\nexec {sys.executable} "$@"\n')
    (environment / "bin" / "python").chmod(0o755)
    script = 'set -eu; source "$1/installer/report.sh"; source "$1/installer/python.sh"; shift; pip_install "$@"'
    options = ["--require-hashes", "--target", str(target), "--no-deps", "--requirement", str(requirement)]
    return subprocess.run(
        [
            "bash",
            "-c",
            f"CHECKOUT={target.parent}; {script}",
            "pip",
            str(CHECKOUT),
            str(environment),
            *options,
        ],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(target.parent),
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_CACHE_DIR": "1",
            **settings,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("first", ["pinned", "rebuilt"] if THOROUGH else ["pinned"])
def test_an_index_with_wheels_of_its_own_is_passed_over(tmp_path: Path, first: str) -> None:
    """As piwheels is, which Raspberry Pi OS adds to pip's settings."""
    indexes = {"pinned": (tmp_path / "pinned").as_uri(), "rebuilt": (tmp_path / "rebuilt").as_uri()}
    sha256 = make_index(tmp_path / "pinned", "made_by = 'the author'\n")
    make_index(tmp_path / "rebuilt", "made_by = 'somebody else'\n")
    settings = {"PIP_INDEX_URL": indexes.pop(first), "PIP_EXTRA_INDEX_URL": indexes.popitem()[1]}
    done = pip_install(tmp_path / "target", sha256, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the author" in (tmp_path / "target" / "pipit_probe.py").read_text()


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    make_index(tmp_path / "rebuilt", "made_by = 'somebody else'\n")
    done = pip_install(tmp_path / "target", "0" * 64, PIP_INDEX_URL=(tmp_path / "rebuilt").as_uri())
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr, "which install.sh explains"
    assert not (tmp_path / "target").exists()


def test_a_bundle_asks_no_index(tmp_path: Path) -> None:
    sha256 = make_index(tmp_path / "wheels-of-a-bundle", "made_by = 'the author'\n")
    (tmp_path / "wheels-of-a-bundle" / NAME).rename(tmp_path / "wheels")
    done = pip_install(tmp_path / "target", sha256, PIP_INDEX_URL="file:///nowhere")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_driver_of_the_pins_is_never_the_empty_one() -> None:
    """pip takes lgpio 0.0.0.2, which has nothing in it, where only wheels are allowed and there is none."""
    text = (CHECKOUT / "requirements" / "pins.txt").read_text()
    [version] = re.findall(r"^lgpio==([\d.]+)", text, re.M)
    assert tuple(map(int, version.split("."))) >= (0, 2, 2)
    assert "--only-binary" not in text
