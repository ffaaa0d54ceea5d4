"""What wants to be heard though nobody asked: what rings, what waits to ring, and a message that is told."""

from dataclasses import dataclass

from daemon.conversation import commands as do
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command
from daemon.conversation.rules import Rules


@dataclass(slots=True)
class Calling:
    """Beside the state: something rings, or is told, at rest alone; and what is due in an exchange waits for its end.

    Each id that was due has one end: `StopRinging` names it, or it was withdrawn, by whoever did so.
    """

    waiting: frozenset[str] = frozenset()  # due, and held back by an exchange
    ringing: frozenset[str] = frozenset()
    telling: bool = False

    @property
    def sounds(self) -> bool:
        return bool(self.ringing) or self.telling

    def due(self, id_: str) -> bool:
        """It waits, unless it rings already. Returns whether it is the first that waits."""
        first = not self.waiting
        self.waiting |= {id_} - self.ringing
        return first and bool(self.waiting)

    def ring(self, rules: Rules) -> list[Command]:
        """What waited rings, with what rings already: they have one sound, and begin its longest time anew."""
        start = [] if self.ringing else [do.StartRinging()]
        self.ringing |= self.waiting
        self.waiting = frozenset()
        return [do.StopTimer(Timer.RING_WAIT), *start, do.StartTimer(Timer.RINGING, rules.ring_s)]

    def withdrawn(self, id_: str) -> list[Command]:
        """It is to ring no more; with the last the sound ends."""
        if id_ in self.waiting:
            self.waiting -= {id_}
            return [] if self.waiting else [do.StopTimer(Timer.RING_WAIT)]
        if id_ not in self.ringing:
            return []
        self.ringing -= {id_}
        return [] if self.ringing else [do.StopTimer(Timer.RINGING), do.StopRinging((), answered=True)]

    def tell(self, rules: Rules) -> list[Command]:
        """A message is told."""
        self.telling = True
        return [do.TellMessage(), do.StartTimer(Timer.TELLING, rules.telling_s)]

    def told(self) -> list[Command]:
        """… and was heard to its end."""
        stop: list[Command] = [do.StopTimer(Timer.TELLING)] if self.telling else []
        self.telling = False
        return stop

    def stop(self, *, answered: bool) -> list[Command]:
        """Silence what rings or is told, if anything: what waits goes on waiting."""
        if self.telling:
            return [do.FlushPlayout(), *self.told()]
        if not self.ringing:
            return []
        ids, self.ringing = tuple(sorted(self.ringing)), frozenset()
        return [do.StopRinging(ids, answered=answered), do.StopTimer(Timer.RINGING)]
