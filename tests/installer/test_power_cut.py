"""A power cut at any step: the next run ends just where an undisturbed one does.

Each program that changes something is counted and, at one of them, the whole run is killed without warning, before or
after that program did its work. By default one place of two tasks is tried, drawn by PIPIT_SEED, and with
PIPIT_THOROUGH one of each; PIPIT_CUTS=20 tries that many of each task, PIPIT_CUTS=all every one, which takes half an
hour.
"""

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.installer.machine import NO_SYNC, Machine
from tests.repetition import THOROUGH

CUTS: Final = os.environ.get("PIPIT_CUTS", "")
SEED: Final = os.environ.get("PIPIT_SEED", "pipit")
EACH: Final = ("install", "upgrade", "uninstall", "purge")
TASKS: Final = EACH if CUTS or THOROUGH else EACH[random.Random(SEED).randrange(2) :: 2]  # noqa: S311
"""A task that builds and one that removes."""

CHANGING: Final = (
    *("chmod", "chown", "cp", "install", "ln", "mkdir", "mktemp", "mv", "rm", "rmdir", "sync", "touch"),
    *("apt-get", "dpkg", "groupdel", "python3", "systemctl", "systemd-sysusers", "udevadm", "userdel"),
)

COUNTER: Final = r"""#!/bin/sh
# Counts itself, and pulls the plug at the one that it is told.
read -r number <"$CUTS/count"
number=$((number + 1))
echo $number >"$CUTS/count"
pull_the_plug() {
    read -r _ _ _ _ _ session _ <"/proc/$$/stat"
    kill -s KILL -- "-$session" 0 # `timeout` has made a group of its own
}
[ $number = "$CUT_AT" ] && [ "$CUT_WHEN" = before ] && pull_the_plug
FAKE_NAME=%(name)s %(program)s "$@"
status=$?
[ $number = "$CUT_AT" ] && pull_the_plug
exit $status
"""


class Stage:
    """A machine whose plug can be pulled, and that can be put back to how it was.

    What a task made that nobody disturbed is kept with the number of programs that it started.
    """

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        self.machine.make_root()
        self.cuts = folder / "cuts"
        self.cuts.mkdir()
        self.folder = folder
        self.undisturbed: dict[str, tuple[dict[str, str], int]] = {}
        for name in CHANGING:
            program = self.machine.programs / name
            real = str(program) if program.exists() else shutil.which(name)
            if real is not None:
                counter = self.cuts / name
                counter.write_text(COUNTER % {"name": name, "program": real})
                counter.chmod(0o755)

    def command(self, task: str) -> list[str]:
        script = str(self.machine.checkout / "install.sh")
        if task == "install":
            answers = self.machine.answers(board="voicehat", spi="yes", wifi_power_save="off", language="de")
            return [script, "install", "--unattended", "--answers", answers]
        return [script, task]

    def save(self, name: str) -> None:
        shutil.copytree(self.machine.root, self.folder / name, symlinks=True)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.machine.root)
        shutil.copytree(self.folder / name, self.machine.root, symlinks=True)
        shutil.rmtree(f"{self.machine.root}.state", ignore_errors=True)
        if name != "install":
            self.machine.write("../root.state/pipit.service", "active\n")

    def bump(self, version: str) -> None:
        self.machine.change("daemon/__init__.py", f'"""Pipit."""\n\n__version__ = "{version}"\n')

    def count(self, task: str) -> None:
        """Run it undisturbed, and keep what it made."""
        status, count = self.run_until(task, 0, "never")
        assert status in {0, 10}
        assert count > 5
        self.undisturbed[task] = self.machine.tree(), count

    def run(self, task: str) -> None:
        """To its end, and counting nothing."""
        run = subprocess.run(
            self.command(task),
            env=self.machine.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode in {0, 10}, run.stdout + run.stderr

    def run_until(self, task: str, cut_at: int, when: str) -> tuple[int, int]:
        """The run's exit status and how many changing programs it started, killed at one of them."""
        (self.cuts / "count").write_text("0\n")
        variables = self.machine.variables(CUTS=str(self.cuts), CUT_AT=str(cut_at), CUT_WHEN=when)
        for name in NO_SYNC:
            del variables[name]  # to be counted it must be a program
        process = subprocess.Popen(
            self.command(task),
            env={**variables, "PATH": f"{self.cuts}:{variables['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(timeout=120)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, int((self.cuts / "count").read_text())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One with what each task begins with saved under its name: before an upgrade one release, of many cuts two."""
    stage = Stage(tmp_path_factory.mktemp("stage"))
    stage.save("install")
    stage.run("install")
    if CUTS or THOROUGH:
        stage.bump("0.2.0")
        stage.run("upgrade")
    stage.save("upgrade")
    stage.bump("0.3.0")
    stage.count("upgrade")
    for task in ("uninstall", "purge"):
        stage.save(task)
    yield stage
    shutil.rmtree(stage.folder)


@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_was_cut_off_anywhere_is_finished_by_the_next(stage: Stage, task: str) -> None:
    stage.restore(task)
    if task not in stage.undisturbed:
        stage.count(task)
    undisturbed, count = stage.undisturbed[task]
    places = [(number, when) for number in range(1, count + 1) for when in ("before", "after")]
    if CUTS != "all":
        chance = random.Random(SEED)  # noqa: S311
        places = chance.sample(places, min(len(places), int(CUTS or 1)))
    for number, when in places:
        stage.restore(task)
        status, _ = stage.run_until(task, number, when)
        assert status == -signal.SIGKILL, (number, when)
        stage.run(task)
        assert difference(stage.machine.tree(), undisturbed) == {}, (number, when)


def difference(seen: dict[str, str], expected: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    return {
        name: (seen.get(name), expected.get(name))
        for name in seen.keys() | expected.keys()
        if seen.get(name) != expected.get(name)
    }
