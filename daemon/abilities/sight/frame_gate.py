"""Whether a picture may leave the device. Promise 1 for the camera: code decides, not the model.

A picture leaves only while a call of a camera tool is open, or as the one picture of a `look` that was just answered;
at most `frames` for one call, within `seconds` of its beginning, at least `INTERVAL_S` apart. Nothing leaves while
muted or without a session, and after a stop only what a new call asks for. No clock and no I/O: the time is told.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

INTERVAL_S: Final = 1.0
"""The service looks at one frame a second (Live API capabilities, October 2026); more would be paid for and unseen."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one call of a tool may send, by the maker's settings."""

    frames: int
    seconds: float


@dataclass(slots=True)
class _Grant:
    """What a call that is open may still send."""

    tool: str
    frames: int
    until_s: float


@dataclass(frozen=True, slots=True)
class Ticket:
    """A picture that may leave, on account of a call of `tool`, unless there was a stop since."""

    call_id: str
    tool: str
    stops: int


class FrameGate:
    """Told what happens, asked before each picture. `now_s` is of any clock that only goes forward."""

    def __init__(self, allowances: Mapping[str, Allowance]) -> None:
        """`allowances` by the name of the tool; other tools may send nothing."""
        self._allowances = allowances
        self._grants: dict[str, _Grant] = {}
        self._open = False
        self._muted = False
        self._stops = 0
        self._earliest_s = float("-inf")

    # What happens

    def called(self, call_id: str, tool: str, now_s: float) -> None:
        """The model called `tool`, and it is about to run."""
        allowance = self._allowances.get(tool)
        if allowance is None:
            return
        if self._muted:
            log.debug("%s may show nothing: muted", tool)
        elif not self._open:
            log.debug("%s may show nothing: no session is open", tool)
        else:
            self._grants[call_id] = _Grant(tool, allowance.frames, now_s + allowance.seconds)

    def ended(self, call_id: str) -> None:
        """The call was answered: it takes no more pictures. One that is on its way may still leave."""
        self._grants.pop(call_id, None)

    def exhausted(self) -> None:
        """The session will end soon: no more pictures for the calls that are open. One on its way may still leave."""
        if self._grants:
            log.debug("no more pictures: the session will end soon")
        for grant in self._grants.values():
            grant.frames = 0

    def stopped(self) -> None:
        """The user stopped it or speaks, or the call was withdrawn: nothing leaves that is not asked for anew."""
        if self._grants:
            log.debug("no more pictures: calls that might show some were stopped: %d", len(self._grants))
        self._grants.clear()
        self._stops += 1

    def muted(self, muted: bool) -> None:
        self._muted = muted
        self.stopped()

    def session(self, is_open: bool) -> None:
        self._open = is_open
        self.stopped()

    # What is asked

    def looks(self, call_id: str) -> bool:
        """Whether the call is open, and what it sees wanted."""
        return call_id in self._grants

    def wait_s(self, now_s: float) -> float | None:
        """How long until a picture may be taken; None if none may."""
        untils = [grant.until_s for grant in self._grants.values() if grant.frames]
        at_s = max(now_s, self._earliest_s)
        if untils and at_s <= max(untils):
            return at_s - now_s
        self._tell_refusal()
        return None

    def admit(self, now_s: float) -> Ticket | None:
        """Let one picture out, if it may go; it then counts, whether it arrives or not."""
        if now_s < self._earliest_s:
            log.debug("no picture may leave: the next may in %.1f s", self._earliest_s - now_s)
            return None
        for call_id, grant in self._grants.items():
            if grant.frames and now_s <= grant.until_s:
                grant.frames -= 1
                self._earliest_s = now_s + INTERVAL_S
                return Ticket(call_id, grant.tool, self._stops)
        self._tell_refusal()
        return None

    def _tell_refusal(self) -> None:
        if not self._grants:
            log.debug("no picture may leave: no call asks for one")
        elif not any(grant.frames for grant in self._grants.values()):
            log.debug("no picture may leave: what was called has had all of its own")
        else:
            log.debug("no picture may leave: the time for it is over")

    def holds(self, ticket: Ticket) -> bool:
        """Whether a picture that was let out may still leave: asked right before it does."""
        return ticket.stops == self._stops
