"""The session as the conversation knows it: whether there is one, and for how much longer it is of use."""

from dataclasses import dataclass
from enum import auto

from daemon.conversation import commands as do
from daemon.conversation.causes import Cause
from daemon.conversation.choice import Choice
from daemon.conversation.commands import Command


class Phase(Choice):
    CLOSED = auto()
    OPENING = auto()
    OPEN = auto()


@dataclass(slots=True)
class Link:
    phase: Phase = Phase.CLOSED
    local: bool = False  # it is one with the brain at home
    ending: bool = False  # goAway was received
    silent: bool = False  # nothing of what goes up is acknowledged at present
    spent: bool = False  # the budget is, and this exchange the last of its session
    reopened: int = 0  # how often it was opened anew for the present request

    @property
    def closed(self) -> bool:
        return self.phase is Phase.CLOSED

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.OPEN

    @property
    def doubtful(self) -> bool:
        """Whether there is no service at the other end, or may be none."""
        return self.local or self.silent or not self.is_open

    @property
    def done_with(self) -> bool:
        """Whether it is of no use to the next request: one that still opens was wanted by this one."""
        return self.phase is Phase.OPENING or self.ending or self.spent or self.local

    def open(self, *, local: bool = False) -> list[Command]:
        """Have a session, if there is none."""
        if not self.closed:
            return []
        self.phase, self.local = Phase.OPENING, local
        return [do.OpenSession(local)]

    def opened(self) -> None:
        if self.phase is Phase.OPENING:
            self.phase = Phase.OPEN

    def close(self) -> list[Command]:
        """Close whatever there is of a session."""
        close: list[Command] = [] if self.closed else [do.CloseSession()]
        self.lost()
        return close

    def lost(self) -> None:
        """It is gone, and what was known of it."""
        self.phase, self.local, self.ending, self.spent, self.silent = Phase.CLOSED, False, False, False, False

    def may_reopen(self, cause: Cause, times: int) -> bool:
        """Whether a session that was lost for `cause` is opened again, at most so many `times` for one request."""
        return cause.passing and self.reopened < times

    def reopen(self) -> list[Command]:
        """Another session for the same request."""
        self.reopened += 1
        return self.open()

    def goes_away(self) -> None:
        self.ending = True

    def spend(self) -> None:
        """It ends with this exchange, whatever the service says."""
        self.spent, self.ending = True, False

    def next_request(self) -> None:
        self.reopened, self.silent = 0, False
