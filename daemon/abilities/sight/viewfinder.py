"""Between the camera tools and the Live session: what the model may see, and when it is asked what it saw.

How a picture gets into the model's mind is not obvious. A frame that is sent while the model waits for a tool cancels
the call (3.8, by its documentation), or is not seen in the answer to that call (measured by others on 2.5 and 3.1:
pydantic-ai #7362, autonomous-os). So the order is the same for every family: the call is answered, silently where that
can be; then the frame is sent; then a typed turn asks for the answer, and the frame belongs to that turn. `watch` sends
its frames while its call is open, which is why families that always wait cannot have it. When
all calls are answered, only the conversation knows, and commands what is to be shown. See
docs/decisions/0021-a-picture-is-shown-after-its-call-is-answered.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from daemon.abilities.sight.frame_gate import Allowance, FrameGate, Ticket
from daemon.abilities.sight.showing_tools import LOOK, WATCH
from daemon.abilities.sight.tools import LONGEST_LOOK_S
from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.events import CameraSwitched
from daemon.conversation.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation
    from daemon.conversation.tool_call import ToolCall
    from hardware.base import Picture

ASK: Final = {
    LOOK: "(This is what the camera sees now, as you asked. Answer the user by it.)",
    WATCH: "(The camera has been switched off again. Answer the user by what it showed.)",
}
"""What the model is told with its pictures, where the user has nothing to say."""

log = logging.getLogger(__name__)


class Viewer(Protocol):
    """What is asked of a Live session; see `daemon.live.session`."""

    def send_frame(self, jpeg: bytes, wanted: Callable[[], bool]) -> None: ...
    def send_text(self, turn: int, text: str) -> None: ...


def allowances(*, look: bool, watch_s: float) -> dict[str, Allowance]:
    """What the settings let each tool send."""
    allowed = {LOOK: Allowance(1, LONGEST_LOOK_S)} if look else {}
    return allowed | ({WATCH: Allowance(int(watch_s) + 1, watch_s)} if watch_s else {})


class Viewfinder(Witness):
    """Implements `daemon.abilities.sight.tools.Showing`. It holds at most one picture for each call that is open."""

    def __init__(self, allowed: Mapping[str, Allowance], now: Callable[[], float]) -> None:
        self._gate = FrameGate(allowed)
        self._now = now
        self._viewer: Viewer | None = None
        self._report: Callable[[Event], None] | None = None
        self._held: dict[str, tuple[bytes, Ticket]] = {}
        self._unasked: dict[str, str] = {}  # calls that showed something of which the model was not yet asked
        self.when_stopped: Callable[[], None] | None = None
        self.refused = 0
        """Pictures that were taken and did not leave."""

    def attach(self, viewer: Viewer) -> None:
        """A session was made: pictures go there once it is open."""
        self._viewer = viewer

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell that the camera was switched on or off."""
        self._report = report

    # Showing

    def wait_s(self) -> float | None:
        return self._gate.wait_s(self._now())

    def show(self, picture: Picture) -> bool:
        ticket = self._gate.admit(self._now())
        if ticket is None:
            self.refused += 1
            return False
        if ticket.tool == LOOK:
            self._held[ticket.call_id] = (picture.jpeg, ticket)
        else:
            self._send(picture.jpeg, ticket)
        self._unasked[ticket.call_id] = ticket.tool
        return True

    def show_and_ask(self, turn: int) -> None:
        """All calls are answered, or the answers on their way: now the pictures of `look`, and what there is to see."""
        for jpeg, ticket in self._held.values():
            self._send(jpeg, ticket)
        if self._viewer and self._unasked:
            self._viewer.send_text(turn, ASK[[*self._unasked.values()][-1]])
        self._held.clear()
        self._unasked.clear()

    def camera_is(self, *, on: bool) -> None:
        if self._report:
            self._report(CameraSwitched(on))

    # Witness

    def happened(self, event: Event, commands: Sequence[do.Command], situation: Situation) -> None:  # noqa: ARG002
        match event:
            case on.SessionOpened():
                self._gate.session(is_open=True)
            case on.SessionLost():
                self._end_session()
            case on.SessionEnding():
                self._gate.exhausted()
                self._interrupt()
            case on.MuteSwitched(muted):
                self._gate.muted(muted)
                self._stop()
            case on.ToolFinished(id_):
                self._gate.ended(id_)
        for command in commands:
            self._follow(command)

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        """What failed is told by its answer; the model is not asked about it as well."""
        if "error" in response:
            self._held.pop(call.id, None)
            self._unasked.pop(call.id, None)

    def _follow(self, command: do.Command) -> None:
        match command:
            case do.RunTool(call):
                self._gate.called(call.id, call.name, self._now())
            case do.CancelTools(ids):
                if any(self._gate.looks(id_) for id_ in ids):
                    self._stop()
            case do.CloseSession():
                self._end_session()
            case do.StartActivity():  # the user speaks: what they want now is not yet known
                self._stop()

    def _end_session(self) -> None:
        self._gate.session(is_open=False)
        self._stop()

    def _stop(self) -> None:
        self._gate.stopped()
        if self._held:
            log.debug("pictures that were taken are not shown any more: %d", len(self._held))
        self._held.clear()
        self._unasked.clear()
        self._interrupt()

    def _interrupt(self) -> None:
        """Have the camera switched off: nothing that it sees may leave any more."""
        if self.when_stopped:
            self.when_stopped()

    def _send(self, jpeg: bytes, ticket: Ticket) -> None:
        if self._viewer:
            log.info("a picture is sent: %d bytes", len(jpeg))
            self._viewer.send_frame(jpeg, lambda: self._gate.holds(ticket))
