"""When the device speaks up by itself, or is told to stop: what that means in each state."""

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command, Earcon
from daemon.conversation.exchange import REPLYING, RESTS, State
from daemon.conversation.transitions import Transitions

TURNS_TO_REST = RESTS | {State.LISTENING}
"""Where what is due rings at once: nothing was said yet that it could cut short."""


class Summons(Transitions):
    """Ringing is heard at rest alone, and so is a message: `_ring_if_due`, after every event, leads there."""

    def _summoned(self, event: on.Summoning) -> list[Command]:
        match event:
            case on.RingDue(id_):
                return self._due(id_)
            case on.RingWithdrawn(id_):
                return self._calling.withdrawn(id_)
            case on.MessageWaiting():
                return self._calling.tell(self.rules) if self.may_tell else []
            case on.MessageTold():
                return self._calling.told()
            case on.StopHeard():
                return self._stop()
            case on.GoodbyeAsked():
                self._now.goodbye = self.state in REPLYING
                return []
            case on.ListenAsked(at):
                return self._listen_if_idle(at)

    def _listen_if_idle(self, at: int) -> list[Command]:
        """Nobody has spoken to it, so whatever it does, or cannot do now, goes before."""
        if self.state is not State.IDLE or self._calling.sounds or self._condition.microphone_lost:
            return []
        return self._listen(at, do.PlayEarcon(Earcon.AWAKE))

    @property
    def may_tell(self) -> bool:
        """Whether a message would be told now: muted, too, but not to a room that would not hear it."""
        return self.state in RESTS and not self._calling.sounds and not self._condition.speaker_lost

    def _due(self, id_: str) -> list[Command]:
        first = self._calling.due(id_)
        if not first or self.state in TURNS_TO_REST:
            return []
        return [do.StartTimer(Timer.RING_WAIT, self.rules.ring_wait_s)]

    def _ring_if_due(self) -> list[Command]:
        """What waits rings as soon as nothing is being said, heard or answered."""
        if not self._calling.waiting or self.state not in TURNS_TO_REST:
            return []
        rest = [] if self.state in RESTS else self._rest(*self._stop_streaming())
        hush = self._calling.stop(answered=False) if self._calling.telling else []
        return [*rest, *hush, *self._calling.ring(self.rules)]

    def _stop(self) -> list[Command]:
        """The one thing that is heard is silenced: what rings, a message, or a reply."""
        if stopped := self._calling.stop(answered=True):
            return stopped
        if self.state not in REPLYING:
            return []
        stop = self._owed.interrupt(self.rules)
        return self._rest(do.FlushPlayout(), *stop, *self._close(), do.PlayEarcon(Earcon.STOPPED))

    def _summoned_too_long(self, timer: Timer) -> list[Command]:
        """… or waited for it."""
        if timer is not Timer.RING_WAIT:
            return self._calling.stop(answered=False)
        return self._rest(do.FlushPlayout(), *self._close()) if self._calling.waiting else []
