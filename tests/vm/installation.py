"""An installation from nothing, once a suite: what it said, what it took, and the disk that it left behind."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, samples_of_ms, silence
from daemon.sound.wav import write_wav
from tests.system.voices import spoken
from tests.vm.appliance import CHECKOUT, PIPIT, SETTINGS, SHARE, Appliance
from tests.vm.board import PI_4, PI_5
from tests.vm.guest import Completed, Guest

PROJECT = Path(__file__).parents[2]
BOARDS = {"bookworm": PI_4, "trixie": PI_5}
WAKE_WORD = "hey jarvis"
COMMANDS = {"lamp-on": "turn on the lamp", "lamp-off": "turn the lamp off", "heater-on": "turn on the heater"}
"""What people say, in words that the offline server's recogniser gets right in this voice."""
PAUSE_MS = 400
"""Between the two: what is left of the wake word must not begin the command."""
ANSWERS = """\
# what a person at the terminal would have said
consent = yes
api_key_file = /root/key
board = none
microphone = plughw:CARD=Mic,DEV=1
speaker = plughw:CARD=Speaker,DEV=0
"""
NAMED_PIPIT = (
    "find / -xdev -iname '*pipit*' -not -path '/root/*' -not -path '/proc/*' -not -path '/var/log/pipit-install.log*'"
)
"""Lists what bears the name; the log of the installer may stay for ever."""
INSTALL = "install --unattended --answers /root/answers"


@dataclass(frozen=True)
class Installation:
    """The first run of the installer on a machine that has never seen Pipit."""

    suite: str
    disk: Path
    """Copy on write; with it a guest boots into the installed machine."""
    result: Completed
    seconds: float
    etc_before: str
    """Every file and folder of /etc with its mode, owner and hash, one a line, as `etc_listing` prints it."""
    etc_after: str
    boot_s: float


ETC_LISTING = (
    "cd /etc && find . -not -name '*-' -not -path './.updated' -printf '%p %M %u:%g %l\\n' | sort; "
    "find . -type f -not -name '*-' -print0 | sort -z | xargs -0 sha256sum"
)
"""Backups that passwd and group keep of themselves (`passwd-`) are left out."""


def prepare_share(share: Path) -> None:
    """The checkout as a user would have cloned it, and what people will say in the tests."""
    share.mkdir(parents=True, exist_ok=True)
    copy_checkout(share / "pipit")
    (share / "sounds").mkdir(exist_ok=True)
    wake_word, pause = spoken(WAKE_WORD), silence(samples_of_ms(PAUSE_MS))
    for name, command in COMMANDS.items():
        said = spoken(command)
        write_wav(share / f"sounds/{name}-without-wake-word.wav", said, CAPTURE_RATE_HZ)
        write_wav(share / f"sounds/{name}.wav", np.concatenate((wake_word, pause, said)), CAPTURE_RATE_HZ)


def copy_checkout(target: Path) -> None:
    """What git knows of this folder, and what is new in it; all of it if this is not a repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        ignore = shutil.ignore_patterns(".*", "models", "demo-output", "__pycache__")
        shutil.copytree(PROJECT, target, ignore=ignore)
        return
    for name in listed.stdout.decode().split("\0"):
        if name and (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)


def new_guest(cache: Path, suite: str, share: Path, disk: Path | None = None) -> Guest:
    """Switched on: a machine that has never seen Pipit, or one with this disk."""
    packages = cache / "pip"
    packages.mkdir(exist_ok=True)
    guest = Guest(cache, suite, BOARDS[suite], {SHARE: share, "/root/.cache/pip": packages}, disk)
    guest.boot()
    return guest


def bring_checkout(guest: Guest) -> None:
    """The checkout, the answers and the key, where a user would have put them."""
    guest.sh(f"cp -r {SHARE}/pipit {CHECKOUT}")
    guest.sh(f"cat > /root/answers <<'END'\n{ANSWERS}END\n(umask 077; echo any-text-is-a-key > /root/key)")


def installed_before(cache: Path, suite: str) -> Installation | None:
    """The installation that an earlier run has kept."""
    record, disk = _kept(cache, suite)
    if not (record.exists() and disk.exists()):
        return None
    facts = json.loads(record.read_text())
    return Installation(**{**facts, "disk": disk, "result": Completed(**facts["result"])})


def keep(cache: Path, installation: Installation) -> None:
    """For `installed_before` of a later run."""
    record, disk = _kept(cache, installation.suite)
    shutil.move(installation.disk, disk)
    installation.disk.symlink_to(disk)
    record.write_text(json.dumps({**asdict(installation), "disk": ""}))


def _kept(cache: Path, suite: str) -> tuple[Path, Path]:
    return cache / f"installed-{suite}.json", cache / f"installed-{suite}.cow"


def install(cache: Path, suite: str, share: Path, disk: Path) -> Installation:
    """Install, put the tests' settings in place, and keep the disk."""
    guest = new_guest(cache, suite, share)
    try:
        bring_checkout(guest)
        appliance = Appliance(guest, share)
        before = guest.sh(ETC_LISTING)
        began = time.monotonic()
        result = appliance.installer(INSTALL)
        seconds = time.monotonic() - began
        after = guest.sh(ETC_LISTING)
        if result.status == 0:
            appliance.serve_live()
            guest.sh(f"mkdir -p /etc/pipit/conf.d && cat > /etc/pipit/conf.d/50-tests.toml <<'END'\n{SETTINGS}END")
            guest.sh(f"{PIPIT} check")
            guest.sh("systemctl stop live-server")
        guest.power_off()
        guest.keep_disk(disk)
        return Installation(suite, disk, result, seconds, before, after, guest.boot_s)
    finally:
        guest.discard()
