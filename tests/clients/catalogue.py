"""Which clients there are, and what is known of each: what it does not offer, and where it goes its own way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]

SCENARIOS: Final[Mapping[str, str]] = {
    "spoken_turn_automatic": "spoken_turn",
    "transcripts": "spoken_turn",
    "tool_round_2_5": "tool_round",
}
"""The scenario of a case, where it has not the case's name."""

NOT_DONE: Final = "not done after"
NO_HANDLE: Final = "it connected anew without its handle"
"""What the runner says of a driver that did not end, and of a session that was not resumed."""

WITHOUT_SCENARIO: Final = "local_brain"

RESUMING: Final = frozenset({"resumption", "lost_connection"})
"""The cases in which the server must say that a session was resumed."""


@dataclass(frozen=True)
class Known:
    """A failure that is the client's own doing."""

    reason: str
    """What the client does, and why that is no fault of the server."""
    sign: str
    """How the failure shows: the beginning of what the runner says of it. Another failure is unexpected."""


@dataclass(frozen=True)
class Client:
    """A client that nobody here wrote; drivers/`name`.py drives it."""

    name: str
    package: str
    """Whose version is shown."""
    own_environment: bool = True
    """Not that of Pipit, which has the client anyway."""
    not_offered: Mapping[str, str] = field(default_factory=dict)
    """Cases that it has no public way to perform, and why."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """Cases that it fails."""

    @property
    def requirements(self) -> Path:
        """The file that pins it, and all it needs."""
        folder = ROOT / "requirements"
        return folder / "clients" / f"{self.name}.txt" if self.own_environment else folder / "run.txt"

    @property
    def version(self) -> str:
        """The version that is pinned; raises LookupError if none is."""
        pin = re.compile(rf"^{re.escape(self.package)}(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
        found = pin.search(self.requirements.read_text())
        if found is None:
            raise LookupError(f"{self.requirements} does not pin {self.package}")
        return found[1]

    @property
    def driver(self) -> str:
        """The module that drives it."""
        return f"tests.clients.drivers.{self.name.replace('-', '_')}"

    def scenario(self, case: str) -> Path | None:
        """What the server plays in a case: the client's own file if it has one; None for the local brain."""
        if case == WITHOUT_SCENARIO:
            return None
        file = f"{SCENARIOS.get(case, case)}.toml"
        own = HERE / "scenarios" / self.name / file
        return own if own.exists() else HERE / "scenarios" / file


LEFT_TO_THE_PROGRAM: Final = "the SDK leaves reconnecting to the program"

CLIENTS: Final = (
    Client(
        "google-genai",
        "google-genai",
        not_offered={"resumption": LEFT_TO_THE_PROGRAM, "lost_connection": LEFT_TO_THE_PROGRAM},
        own_environment=False,
    ),
    Client("pipecat", "pipecat-ai"),
    Client("livekit", "livekit-plugins-google"),
    Client(
        "pydantic-ai",
        "pydantic-ai-slim",
        not_offered={"spoken_turn_manual": "its sessions with Gemini have no way to mark activity"},
    ),
    Client(
        "google-adk",
        "google-adk",
        known={
            "tool_round_2_5": Known(
                "holds a 2.5 model's call back until turnComplete, which Gemini API recordings lack", NOT_DONE
            ),
            "resumption": Known("forgets its handle when told that a turn under way cannot be resumed", NO_HANDLE),
        },
    ),
)
