"""Reads facts.conf, which the installer sources: numbers and lists that both must agree about."""

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

PROGRAM_MB: Final = int(_FACTS["PROGRAM_MB"])
STATE_MB: Final = int(_FACTS["STATE_MB"])
LEAST_MEMORY_MB: Final = int(_FACTS["LEAST_MEMORY_MB"])
GOOD_MEMORY_MB: Final = int(_FACTS["GOOD_MEMORY_MB"])
RELEASED: Final = datetime.fromisoformat(_FACTS["RELEASED"]).replace(tzinfo=UTC)
PYTHON_VERSIONS: Final = tuple(_FACTS["PYTHON_VERSIONS"].split())
SOUND_SERVERS: Final = tuple(_FACTS["SOUND_SERVERS"].split())
HDMI_CARDS: Final = tuple(_FACTS["HDMI_CARDS"].split())
CONFIG_FILES: Final = tuple(_FACTS["CONFIG_FILES"].split())
UNDER_VOLTAGE_BITS: Final = int(_FACTS["UNDER_VOLTAGE_BITS"], 0)
SLOWED_BITS: Final = int(_FACTS["SLOWED_BITS"], 0)
SINCE_START_SHIFT: Final = int(_FACTS["SINCE_START_SHIFT"])
SERVICE_HOST: Final = _FACTS["SERVICE_HOST"]
