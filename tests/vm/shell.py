"""`python -m tests.vm.shell SUITE`: a guest to look around in, line by line, until `exit`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.vm.appliance import SHARE
from tests.vm.guest import Guest
from tests.vm.installation import bring_checkout, installed_before, new_guest, prepare_share

POWER = {"reboot": Guest.power_off, "power cut": Guest.cut_power}


def main(suite: str) -> None:
    """Boots, takes commands from the terminal, and throws the machine away at the end."""
    cache = Path(os.environ["PIPIT_VM_CACHE"])
    kept = installed_before(cache, suite) if os.environ.get("PIPIT_VM_AGAIN") else None
    with tempfile.TemporaryDirectory(prefix="pipit-share.") as folder:
        share = Path(folder)
        prepare_share(share)
        guest = new_guest(cache, suite, share, kept.disk if kept else None)
        try:
            if not kept:
                bring_checkout(guest)
            print(f"{suite}, booted in {guest.boot_s:.1f} s. Each line is a command of its own, run by root in /root;")
            print(f"{SHARE} is {share} here. Also: {', '.join(POWER)}, exit.")
            take_commands(guest)
        finally:
            guest.discard()


def take_commands(guest: Guest) -> None:
    """Until `exit` or the end of the input."""
    for line in sys.stdin:
        command = line.strip()
        if command == "exit":
            return
        if command in POWER:
            POWER[command](guest)
            guest.boot()
            print(f"booted in {guest.boot_s:.1f} s")
        elif command:
            completed = guest.run(command, timeout_s=3600)
            print(completed.output, end="")
            print(f"[{completed.status}]", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
