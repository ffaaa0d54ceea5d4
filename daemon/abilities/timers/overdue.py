"""What becomes of what is late: each kind has a rule (docs/decisions/0043-each-kind-has-a-rule-for-being-late.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from daemon.abilities.timers.entry import Kind

RINGS_S: Final = 3600.0
"""A timer or a reminder that is later than this is told, and rings no more."""
ACTS_S: Final = 120.0
"""A planned action that is later than this is told, and never done: nobody expects it any more."""

Verdict = Literal["ring", "act", "tell"]


@dataclass(frozen=True)
class Patience:
    """How late each kind may be, in seconds, to be brought about all the same."""

    alarm_s: float
    timer_s: float = RINGS_S
    reminder_s: float = RINGS_S
    action_s: float = ACTS_S

    def verdict(self, kind: Kind, late_s: float) -> Verdict:
        """`late_s` is how long ago it was due."""
        allowed_s = {"alarm": self.alarm_s, "timer": self.timer_s, "reminder": self.reminder_s, "action": self.action_s}
        if late_s > allowed_s[kind]:
            return "tell"
        return "act" if kind == "action" else "ring"
