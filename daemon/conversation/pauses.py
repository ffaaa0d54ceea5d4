"""An end of speech that can be taken back.

The window closes with a pause that may be the end, so that the service can think while it is waited whether the user
goes on. Until then the state stays HEARING: of a reply that comes nothing is heard and no call is run, both are kept.
If the pause lasts, they follow at once; if not, a new window interrupts the service, and begins where the last ended.
"""

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.causes import Cause
from daemon.conversation.commands import Command, Earcon
from daemon.conversation.exchange import Exchange, State
from daemon.conversation.pausing import Pausing, UtterancePaused
from daemon.conversation.tool_call import ToolCall
from daemon.conversation.transitions import Transitions

WENT_ON = "the user went on speaking: it was not run"


class Pauses(Transitions):
    @property
    def kept_turn(self) -> int | None:
        """The turn whose reply is kept, neither played nor dropped, until it is known whether the turn is over."""
        return self.turn if self._now.paused else None

    def _paused_or_resumed(self, event: Pausing) -> list[Command]:
        if isinstance(event, UtterancePaused):
            return self._pause(event.at)
        return self._take_back() if self._now.paused else []

    def _pause(self, at: int) -> list[Command]:
        """Only on an open session: else there is nobody to think ahead."""
        speaking = self.state is State.HEARING and self._button is None and self._now.spoken
        if not self.rules.eager or not speaking or self._now.streaming or self._now.paused or not self._link.is_open:
            return []
        self._now.paused, self._now.anchor = True, at
        return [do.EndActivity(self.turn, at)]

    def _take_back(self) -> list[Command]:
        """As a barge-in: `activityStart` at once, which is how the service is told. The deadline stays what it was."""
        if self._link.spent:
            return self._fail(Cause.BUDGET)
        refuse = [do.RefuseTool(call, WENT_ON) for call in self._owed.release()]
        now, self.turn = self._now, self.turn + 1
        self._now = Exchange(now.anchor, follow_up=now.follow_up, spoken=True)
        self._owed.next_exchange()
        self._owed.user_speaks()
        return [do.FlushPlayout(), *refuse, do.StartActivity(self.turn, now.anchor, goes_on=True)]

    def _confirm(self) -> list[Command]:
        """What was kept happens now, in the order that it has where nothing is kept: words, calls, the end."""
        begun, complete, calls = self._now.begun, self._now.complete, self._owed.release()
        self._now.paused = self._now.begun = self._now.complete = False
        self._now.replying = True
        heard = [] if begun else [do.PlayEarcon(Earcon.HEARD)]
        commands = [*self._enter(State.THINKING, *heard), do.PlayKept(self.turn)]
        commands += self._on(on.ReplyStarted(self.turn)) if begun else []
        for call in calls:
            commands += self._on(on.ToolRequested(call))
        return [*commands, *(self._on(on.ReplyComplete(self.turn)) if complete else [])]

    def _kept(self, event: on.ReplyStarted | on.ReplyComplete | on.Interrupted) -> list[Command]:
        """It is remembered that this has happened."""
        if event.turn != self.turn:
            return []
        match event:
            case on.ReplyStarted():
                self._now.begun, self._now.complete = True, False
            case on.ReplyComplete():
                self._now.complete = True
            case on.Interrupted():
                self._now.complete |= self._now.begun
        return []

    def _keep_call(self, call: ToolCall) -> list[Command]:
        self._owed.keep(call)
        return []

    def _on(self, event: on.Event) -> list[Command]:
        """What `event` means: see `daemon.conversation.conversation`."""
        raise NotImplementedError
