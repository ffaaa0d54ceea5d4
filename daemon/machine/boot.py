"""config.txt: is what the installer wrote into it in force, or does the machine have to be restarted first?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import CONFIG_FILES
from daemon.machine.finding import CannotTell, Finding, bad, good, warning
from daemon.machine.model import seconds_up
from daemon.machine.sound_cards import cards

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.machine.site import Site

BLOCK: Final = re.compile(r"^# >>> pipit .*?$(.*?)^# <<< pipit", re.MULTILINE | re.DOTALL)
SOUND: Final = re.compile(r"sound|dac|amp|mic|codec|voice|audio|wm8960|max98357|adau|i2s", re.IGNORECASE)
"""Words in the names of overlays for sound cards (the kernel's overlays README)."""
USB: Final = re.compile(r"usb", re.IGNORECASE)


def _examine(site: Site) -> Finding:
    file = next((site.path(name) for name in CONFIG_FILES if site.path(name).is_file()), None)
    if file is None:
        raise CannotTell("this machine has no config.txt")
    block = BLOCK.search(file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n"))
    if block is None:
        return good("config.txt has nothing of Pipit's, and nothing has to come into force")
    lines = [
        line.strip() for line in block[1].splitlines() if line.strip() and not line.lstrip().startswith(("#", "["))
    ]
    if _changed_since_start(site, file):
        return warning(f"config.txt was changed since the start: {', '.join(lines)} is not in force yet", "sudo reboot")
    overlays = [line.removeprefix("dtoverlay=") for line in lines if line.startswith("dtoverlay=")]
    sound = [overlay for overlay in overlays if SOUND.search(overlay.partition(",")[0])]
    if sound and not any(not card.is_hdmi and not USB.search(f"{card.id} {card.name}") for card in cards(site)):
        return bad(
            f"config.txt has the overlay {sound[0]}, but its sound card did not appear",
            "check that this is the board on the header and that it sits right; `dmesg | grep -i snd` tells more",
            overlay=sound[0],
        )
    return good(f"what the installer wrote into config.txt is in force: {', '.join(lines)}", lines=len(lines))


def _changed_since_start(site: Site, file: Path) -> bool:
    up = seconds_up(site)
    if up is None:
        return False
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return (site.now() - changed).total_seconds() < up


BOOT_CONFIG = Check("boot-config", "Is config.txt in force, and did the overlay's card appear?", _examine)
