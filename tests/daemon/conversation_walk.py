"""A walk over all that can happen in a conversation.

The walk is breadth first over pairs of (conversation, world) and visits each distinct pair once. Turn numbers and
sample positions only ever grow, so they are left out of the comparison; with that the pairs are finitely many, and
visiting all of them covers event sequences of every length. The ids of what rings are names and nothing more: pairs
that differ in them alone are one.
"""

from collections import deque
from collections.abc import Iterator, Sequence
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
_EACH_PART = attrgetter(*_PARTS)
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
_OWN = attrgetter(*(vars(Conversation()).keys() - _PARTS.keys()))
"""What one keeps itself, beside its parts."""


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


def walk(rules: Rules | None = None, *, most_ids: int = len(IDS), button: bool = True) -> Iterator[Step]:
    """Every step that can be taken from every pair that can be reached, with so many ids due at a time.

    Most events mean nothing to most pairs. The conversation that such an event leaves as it was takes the next one too.
    """
    conversation = Conversation(rules)
    own = conversation.rules
    settings = {"shows": own.showing, "eager": own.eager, "falls_back": own.falls_back}
    world = World(**settings, most_ids=most_ids, button=button)
    start = (conversation, world)
    seen = {_key(*start)}
    waiting: deque[tuple[tuple[Event, ...], Conversation, World]] = deque([((), *start)])
    while waiting:
        way, conversation, world = waiting.popleft()
        own, parts = _OWN(conversation), _parts_of(conversation)
        twin = _copied(conversation)
        for event in _possible_in(conversation.turn, _WORLD(world)):
            commands, after, world_after, is_new = twin.handle(event), conversation, world, False
            changed = _parts_of(twin) != parts
            if commands or changed or _OWN(twin) != own:
                after, twin = twin, _copied(conversation, twin, parts)
            if after is not conversation or type(event) in _NOTED:
                world_after = _happened(world, event)
                _obeyed(event, conversation, commands, after, world_after)
                key = _key(after, world_after)
                is_new = key not in seen
            yield Step(way, conversation, world, event, commands, after, world_after, is_new)
            if is_new and not world_after.faults:
                seen.add(key)
                waiting.append(((*way, event), after, world_after))


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
    vars(after).update(vars(world))
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


def _parts_of(conversation: Conversation) -> list[tuple[object, ...]]:
    """What each of its parts holds."""
    return [whole(part) for whole, part in zip(_WHOLES, _EACH_PART(conversation), strict=True)]


def _copied(
    conversation: Conversation, after: Conversation | None = None, parts: Sequence[tuple[object, ...]] = ()
) -> Conversation:
    """As `copy.deepcopy`, but hundreds of times as fast.

    `after` was such a copy and is to stay as it is: of the parts that an event has left alone it is given those of the
    `conversation`, so that the next copy need not make its own.
    """
    twin = Conversation.__new__(Conversation)
    vars(twin).update(vars(conversation))
    for number, (name, kind) in enumerate(_PARTS.items()):
        part = getattr(conversation, name)
        if after is not None and _WHOLES[number](left := getattr(after, name)) == parts[number]:
            setattr(twin, name, left)
            setattr(after, name, part)
        else:
            setattr(twin, name, kind(*_WHOLES[number](part)))
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
