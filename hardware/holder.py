"""Who holds a sound card, from what the kernel says under /proc/asound."""

import re
from pathlib import Path
from typing import Final, Literal

PROC: Final = Path("/proc")

Stream = Literal["c", "p"]
"""The letter at the end of a PCM's folder, as in pcm0c: capture or playback."""


def holder(device: str, stream: Stream, proc: Path = PROC) -> str | None:
    """The program that has `device` open, such as "pipewire (process 812)"; None if the kernel does not say.

    For a name that does not tell its card, such as "default", the holder of any card is given.
    """
    for status in sorted((proc / "asound").glob(f"{_card(device)}/pcm*{stream}/sub*/status")):
        owner = re.search(r"^owner_pid\s*:\s*(\d+)", _text(status), re.MULTILINE)
        if owner:
            name = _text(proc / owner[1] / "comm").strip()
            return f"{name} (process {owner[1]})" if name else f"process {owner[1]}"
    return None


def _card(device: str) -> str:
    """The folder of the card in "plughw:CARD=Mic,DEV=0", "hw:Mic" or "hw:1,0"; a pattern for all if there is none."""
    named = re.match(r"\w+:(?:CARD=)?([\w-]+)", device)
    if not named:
        return "card*"
    return f"card{named[1]}" if named[1].isdecimal() else named[1]


def _text(path: Path) -> str:
    """Empty if it cannot be read: processes end, and not all may be looked at."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
