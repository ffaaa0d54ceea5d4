"""A walk over all that can happen in a conversation.

The walk is breadth first over pairs of (conversation, world) and visits each distinct pair once. Turn numbers and
sample positions only ever grow, so they are left out of the comparison; with that the pairs are finitely many, and
visiting all of them covers event sequences of every length. The ids of what rings are names and nothing more: pairs
that differ in them alone are one.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.calling import Calling
from daemon.conversation.commands import Command
from daemon.conversation.condition import Condition
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import Event
from daemon.conversation.exchange import RESTS, Exchange
from daemon.conversation.link import Link
from daemon.conversation.owed import Owed
from daemon.conversation.pausing import UtterancePaused
from daemon.conversation.rules import Rules
from daemon.conversation.standby import Standby
from tests.daemon.conversation_world import IDS, World, events_in, possible
from tests.repetition import THOROUGH

_PARTS: dict[str, type] = {
    "_now": Exchange,
    "_link": Link,
    "_home": Standby,
    "_owed": Owed,
    "_condition": Condition,
    "_calling": Calling,
}
_FIELDS = {name: [item.name for item in fields(kind)] for name, kind in _PARTS.items()}
_WHOLES = [attrgetter(*names) for names in _FIELDS.values()]
_APART_ALWAYS = {"anchor", "waiting", "ringing", "kept", "refused", "failure"}
_APART = _APART_ALWAYS if THOROUGH else _APART_ALWAYS | {"told"}
_CONVERSATION = attrgetter(
    *(vars(Conversation()).keys() - {"turn", "rules", *_PARTS}),
    *(f"{part}.{name}" for part, names in _FIELDS.items() for name in names if name not in _APART),
)
"""What tells one conversation from another, but how many ids wait and ring and calls are kept, and that
there was a refusal or is a failure: which, nobody asks afterwards but to say it.

How much the household was told decides what it is told next, and nothing else. Usually two that differ in that alone
are one: they are walked on with what was told on the shortest way there.
"""
_WORLD = attrgetter(*(item.name for item in fields(World)))
_WINDOW, _DUE, _RINGING = ([item.name for item in fields(World)].index(name) for name in ("window", "due", "ringing"))


@dataclass(slots=True)
class Step:
    """One event, what it caused, and how the two stood before and after."""

    way: tuple[Event, ...]
    before: Conversation
    world_before: World
    event: Event
    commands: list[Command]
    after: Conversation
    world: World = field(default_factory=World)
    is_new: bool = True  # the two have not stood like this before

    @property
    def path(self) -> tuple[Event, ...]:
        return (*self.way, self.event)

    @property
    def is_idle(self) -> bool:
        """Nothing was done, and nothing is otherwise than before."""
        return self.after is self.before and self.world is self.world_before


@cache
def _possible_in(turn: int, world: tuple[object, ...]) -> list[Event]:
    """The events of `events_in` that a world of these fields can bring about."""
    return [event for event in events_in(turn) if possible(event, World(*world))]  # type: ignore[arg-type]


def walk(
    rules: Rules | None = None, *, most_ids: int = len(IDS), button: bool = True, deaf: bool = True
) -> Iterator[Step]:
    """Every step that can be taken from every pair that can be reached, with so many ids due at a time.

    Unless it is to be walked `deaf`, nothing is walked on from where the microphone is lost.
    Each is to be looked at before the next is asked for: how the conversation stands after it is a draft until then.
    """
    conversation = Conversation(rules)
    own = conversation.rules
    settings = {"shows": own.showing, "eager": own.eager, "falls_back": own.falls_back}
    world = World(**settings, most_ids=most_ids, button=button)
    start = (conversation, world)
    seen = {_key(*start)}
    waiting: deque[tuple[tuple[Event, ...], Conversation, World]] = deque([((), *start)])
    drafts = _Drafts()
    while waiting:
        way, conversation, world = waiting.popleft()
        draft = drafts.of(conversation)
        for event in _possible_in(conversation.turn, _WORLD(world)):
            commands, after, world_after, is_new = draft.handle(event), conversation, world, False
            if commands or drafts.written:
                after = draft
            if after is not conversation or type(event) in _NOTED:
                world_after = _happened(world, event)
                _obeyed(event, conversation, commands, after, world_after)
                key = _key(after, world_after)
                is_new = key not in seen
            yield Step(way, conversation, world, event, commands, after, world_after, is_new)
            if is_new and not world_after.faults:
                seen.add(key)
            if is_new and not world_after.faults and (deaf or not after._condition.microphone_lost):
                waiting.append(((*way, event), _copied(after), world_after))
            drafts.take_back()


_NOTED = frozenset(
    {
        *(on.TimerExpired, on.SessionOpened, on.SessionLost, on.MuteSwitched, on.ToolRequested, on.ToolFinished),
        *(on.RingDue, on.RingWithdrawn, on.MessageTold, on.PlayoutDrained, on.ReplyStarted, UtterancePaused),
    }
)
"""What means something to the world though the conversation makes nothing of it."""


def _happened(world: World, event: Event) -> World:
    """The world after the event, before anything was done about it."""
    after = World.__new__(World)
    after.__dict__ = vars(world).copy()
    after.happens(event)
    return after


def _obeyed(event: Event, before: Conversation, commands: list[Command], after: Conversation, world: World) -> None:
    """Have the world do what was commanded, and know what the event means to it."""
    if isinstance(event, on.PlayoutDrained) and event.turn == before.turn:
        world.playing = False
    if before._now.begun and any(isinstance(command, do.PlayKept) for command in commands):
        world.playing, world.acted = True, False
    if isinstance(event, UtterancePaused) and any(isinstance(command, do.EndActivity) for command in commands):
        world.paused = True
    for command in commands:
        world.obey(command)
    if isinstance(event, on.ReplyStarted) and event.turn == after.reply_turn:
        world.playing, world.acted = True, False
    if after.state in RESTS:
        world.acted = False  # whatever is said next is another request


class _Drafts:
    """Conversations that may be written on: what is written over is noted, and taken back by its note.

    Most events change little or nothing, so that it is seen at once what they do, and nothing is copied for it.
    """

    def __init__(self) -> None:
        self.written: list[tuple[object, str, object]] = []
        """What an event changed, of which object: the attribute and what was there."""
        self._conversation = self._noting(Conversation)
        self._parts = {name: self._noting(kind) for name, kind in _PARTS.items()}

    def of(self, conversation: Conversation) -> Conversation:
        draft = _copied(conversation)
        for name, kind in self._parts.items():
            getattr(draft, name).__class__ = kind
        draft.__class__ = self._conversation
        return draft

    def take_back(self) -> None:
        for owner, name, value in reversed(self.written):
            object.__setattr__(owner, name, value)
        self.written.clear()

    def _noting(self, kind: type) -> type:
        written, write = self.written, object.__setattr__

        def note(owner: object, name: str, value: object) -> None:
            if (old := getattr(owner, name)) is value:
                return
            if old != value:
                written.append((owner, name, old))
            write(owner, name, value)

        return type(kind.__name__, (kind,), {"__slots__": (), "__setattr__": note})


def _copied(conversation: Conversation) -> Conversation:
    """As `copy.deepcopy`, but hundreds of times as fast."""
    twin = Conversation.__new__(Conversation)
    vars(twin).update(vars(conversation))
    for (name, kind), whole in zip(_PARTS.items(), _WHOLES, strict=True):
        setattr(twin, name, kind(*whole(getattr(conversation, name))))
    return twin


def _key(conversation: Conversation, world: World) -> tuple[object, ...]:
    theirs = _WORLD(world)
    return (
        *_CONVERSATION(conversation),
        len(conversation._calling.waiting),
        len(conversation._calling.ringing),
        len(conversation._owed.kept),
        conversation._home.refused is None,
        conversation._condition.failure is None,
        *theirs[:_WINDOW],
        world.window is not None,
        *theirs[_WINDOW + 1 : _DUE],
        len(world.due),
        len(world.ringing),
        *theirs[_RINGING + 1 :],
    )
