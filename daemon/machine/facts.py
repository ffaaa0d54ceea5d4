"""What a machine must have or may be: told here, and in facts.conf what the installer needs before Python runs."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("facts.conf")

MIB: Final = 1024 * 1024
"""Bytes in what the facts, and `df -m`, count in."""


def read_facts(text: str) -> dict[str, str]:
    """The values by their names. Raises ValueError for a line that is none: both readers must see the same."""
    facts = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = shlex.split(line, comments=True)
        if not words:
            continue
        name, equals, value = words[0].partition("=")
        if len(words) != 1 or not equals or not name.isidentifier() or name in facts:
            raise ValueError(f"line {number} is not a NAME=VALUE of its own: {line}")
        facts[name] = value
    return facts


_FACTS: Final[Mapping[str, str]] = read_facts(FILE.read_text(encoding="utf-8"))

PYTHON_VERSIONS: Final = tuple(_FACTS["PYTHON_VERSIONS"].split())
HDMI_CARDS: Final = tuple(_FACTS["HDMI_CARDS"].split())
CONFIG_FILES: Final = tuple(_FACTS["CONFIG_FILES"].split())
BOOT_BEGIN: Final = _FACTS["BOOT_BEGIN"]
BOOT_END: Final = _FACTS["BOOT_END"]

PROGRAM_MB: Final = 1500
"""Of disk space, in MIB, for a release with its Python environment, which is built beside the one that runs."""
STATE_MB: Final = 300
"""Of disk space, in MIB, for models and for what is remembered."""

LEAST_MEMORY_MB: Final = 350
"""Of memory in all, in MIB: below this Pipit does not run."""
GOOD_MEMORY_MB: Final = 500
"""Of memory in all, in MIB: below this there is room for little else."""

RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock of a machine that has this program is right if it says less."""

SOUND_SERVERS: Final = ("pipewire", "wireplumber", "pulseaudio", "jackd", "jackdbus")
"""Programs that keep sound cards for a user's session."""

UNDER_VOLTAGE_BITS: Final = 0x1
"""Of the firmware's answer to get_throttled (Raspberry Pi documentation, vcgencmd): too little voltage."""
SLOWED_BITS: Final = 0xE
"""Of the same: slowed down, or too warm."""
SINCE_START_SHIFT: Final = 16
"""From this bit on the same since the start."""

SERVICE_HOST: Final = "generativelanguage.googleapis.com"

SYNCHRONIZED: Final = "/run/systemd/timesync/synchronized"
"""systemd-timesyncd makes it when it first set the clock after a boot (systemd-timesyncd.service(8))."""
