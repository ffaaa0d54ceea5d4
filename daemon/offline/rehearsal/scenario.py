"""A scenario: what the scripted brain says turn by turn, what each connection suffers, how the server is. Plain data.

The fields of steps, faults and options are the keys of a scenario file (`scenario_file`, `docs/scenarios.md`); a step
is known by its first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daemon.brain.brain import Heard, Spoken
from daemon.offline.service.faults import ConnectionFaults, Fault
from daemon.offline.service.server_options import ServerOptions


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
    """Call a function and wait for the answer, which must hold at least the items of `expect`.

    A call that is not `blocking` is not waited for: the turn goes on, and ends. One that is `together` with the call
    before it goes in the same message, and both are waited for.
    """

    call: str
    args: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    blocking: bool = True
    together: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a call that is waited for, and is not."""
        if self.together and not self.blocking:
            raise ValueError("a call that is together with another is blocking")


@dataclass(frozen=True)
class WhenAnswered:
    """Here the turn ends. What follows is said when the call of this name has its answer, as its scheduling has it."""

    when_answered: str


Line = Hear | Say | Call | Fault | Heard | Spoken
Step = Line | WhenAnswered
"""`Heard` and `Spoken` are for scenarios made in Python: sound that is at hand already."""

Turn = Sequence[Step]
"""The reply to one turn of the user."""


@dataclass(frozen=True)
class Scenario:
    """Turns and connections in the order they happen; what goes beyond the list is harmless and silent."""

    turns: Sequence[Turn] = ()
    connections: Sequence[ConnectionFaults] = ()
    server: ServerOptions = field(default_factory=ServerOptions)

    def faults(self, connection: int) -> ConnectionFaults:
        """What the connection of this number (from 1) suffers: a `FaultPlan` for the server."""
        if connection > len(self.connections):
            return ConnectionFaults()
        return self.connections[connection - 1]


def acts(turn: Turn) -> tuple[Sequence[Line], Mapping[str, Sequence[Line]]]:
    """What a turn says at once, and what it says when calls have their answers.

    Raises ValueError for an act that waits for no call, or for one that was waited for already.
    """
    names = [""] + [step.when_answered for step in turn if isinstance(step, WhenAnswered)]
    parts: dict[str, list[Line]] = {name: [] for name in names}
    if len(parts) < len(names):
        raise ValueError(f"when_answered names {max(names, key=names.count)} more than once")
    called = {step.call for step in turn if isinstance(step, Call) and not step.blocking}
    name = ""
    for step in turn:
        if not isinstance(step, WhenAnswered):
            parts[name].append(step)
            continue
        name = step.when_answered
        if name not in called:
            raise ValueError(f"when_answered names {name}, which the turn does not call with blocking = false")
    return parts.pop(""), parts
