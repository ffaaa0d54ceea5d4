"""Who holds a sound card, from what the kernel says under /proc/asound."""

import re
from pathlib import Path
from typing import Final, Literal

from hardware.sound.usb_place import PREFIX, SYS, card_at

PROC: Final = Path("/proc")

Stream = Literal["c", "p"]
"""The letter at the end of a PCM's folder, as in pcm0c: capture or playback."""


def holder(device: str, stream: Stream, proc: Path = PROC) -> str | None:
    """The program that has `device` open, such as "pipewire (process 812)"; None if the kernel does not say."""
    process = holding_process(device, stream, proc)
    if process is None:
        return None
    name = _text(proc / str(process) / "comm").strip()
    return f"{name} (process {process})" if name else f"process {process}"


def holding_process(device: str, stream: Stream, proc: Path = PROC) -> int | None:
    """The process, or the thread of one, that has `device` open.

    For a name that does not tell its card, such as "default", the holder of any card is given.
    """
    for status in sorted((proc / "asound").glob(f"{_card(device)}/pcm*{stream}/sub*/status")):
        owner = _owner(status)
        if owner is not None:
            return owner
    return None


def open_streams(proc: Path = PROC) -> list[tuple[str, int]]:
    """The cards with an open PCM, as "card0", each time with the process that has it open, or the thread of one."""
    statuses = sorted((proc / "asound").glob("card*/pcm*/sub*/status"))
    owners = ((status.relative_to(proc / "asound").parts[0], _owner(status)) for status in statuses)
    return [(card, owner) for card, owner in owners if owner is not None]


def _owner(status: Path) -> int | None:
    found = re.search(r"^owner_pid\s*:\s*(\d+)", _text(status), re.MULTILINE)
    return int(found[1]) if found else None


def _card(device: str) -> str:
    """The folder of the card in "plughw:CARD=Mic,DEV=0", "hw:Mic" or "hw:1,0"; a pattern for all if there is none."""
    card = card_of(device)
    if not card:
        return "card*"
    return f"card{card}" if card.isdecimal() else card


def card_of(device: str, sys: Path = SYS) -> str:
    """The card's id or number in a PCM's name, in any of the forms that ALSA takes; empty if the name does not tell it.

    Of a name of ours, "usb:1-1.3", the id of the card that is there now.

    That is "hw:Mic,0", "plughw:DEV=0,CARD=Mic", "hw:{CARD Mic}" and, wrapped, "plug:'hw:Mic'", "plug:SLAVE=\"hw:Mic\""
    (alsa-lib's snd_config_expand: arguments in any order or by name, quoted or not).
    """
    if device.startswith(PREFIX):
        return card_at(device, sys)
    named = re.search(r"""\bCARD(?:\s*=\s*|\s+)["']?([\w-]+)""", device)
    if named:
        return named[1]
    _, colon, arguments = device.rpartition(":")
    first = re.match(r"""\s*["']?([\w-]+)[\s"'}]*(,|$)""", arguments) if colon else None
    return first[1] if first else ""


def device_of(device: str) -> int:
    """The number of the PCM on its card in the same names: 1 in "hw:Mic,1" and "usb:1-1.3,DEV=1"; the first is 0."""
    found = re.search(r"""\bDEV(?:\s*=\s*|\s+)["']?(\d+)|:\s*["']?[\w-]+,(\d+)""", device)
    return int(found[1] or found[2]) if found else 0


def _text(path: Path) -> str:
    """Empty if it cannot be read: processes end, and not all may be looked at."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
