"""A scenario: what the scripted brain says turn by turn, and what each connection suffers. Plain data.

The fields of steps and faults are the keys of a scenario file (`scenario_file`, `docs/scenarios.md`); a step is known
by its first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daemon.offline.brain import Heard, Spoken
from daemon.offline.faults import ConnectionFaults, Fault


@dataclass(frozen=True)
class Hear:
    """Say what the user said: the input transcription."""

    hear: str


@dataclass(frozen=True)
class Say:
    """Speak: these words, with the sound of a file, else a tone of this length, else one as long as the words."""

    say: str
    tone_s: float | None = None
    wav: Path | None = None


@dataclass(frozen=True)
class Call:
    """Call a function and wait for the answer, which must hold at least the items of `expect`."""

    call: str
    args: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)


Step = Hear | Say | Call | Fault | Heard | Spoken
"""`Heard` and `Spoken` are for scenarios made in Python: sound that is at hand already."""

Turn = Sequence[Step]
"""The reply to one turn of the user."""


@dataclass(frozen=True)
class Scenario:
    """Turns and connections in the order they happen; what goes beyond the list is harmless and silent."""

    turns: Sequence[Turn] = ()
    connections: Sequence[ConnectionFaults] = ()

    def faults(self, connection: int) -> ConnectionFaults:
        """What the connection of this number (from 1) suffers: a `FaultPlan` for the server."""
        if connection > len(self.connections):
            return ConnectionFaults()
        return self.connections[connection - 1]
