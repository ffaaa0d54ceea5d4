"""The world around a conversation, as far as its commands reach, and a walk over all that can happen in it.

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
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command, Pattern
from daemon.conversation.condition import Condition
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import Event
from daemon.conversation.exchange import Exchange
from daemon.conversation.link import Link
from daemon.conversation.owed import Owed
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.conversation.rules import Rules
from daemon.conversation.standby import Standby
from daemon.conversation.tool_call import ToolCall
from tests.repetition import THOROUGH

CALL = ToolCall("call", "set_device")
IDS = ("kettle", "eggs")
"""What may ring; two tell all that a third could."""

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
_APART_ALWAYS = {"anchor", "waiting", "ringing", "kept", "refused"}
_APART = _APART_ALWAYS if THOROUGH else _APART_ALWAYS | {"told"}
_CONVERSATION = attrgetter(
    *(vars(Conversation()).keys() - {"turn", "rules", *_PARTS}),
    *(f"{part}.{name}" for part, names in _FIELDS.items() for name in names if name not in _APART),
)
"""What tells one conversation from another, but how many ids wait and ring and calls are kept, and a refusal.

How much the household was told decides what it is told next, and nothing else. Usually two that differ in that alone
are one: they are walked on with what was told on the shortest way there.
"""
_OWN = attrgetter(*(vars(Conversation()).keys() - _PARTS.keys()))
"""What one keeps itself, beside its parts."""


@dataclass
class World:
    """What the commands so far have made of timers, session, microphone, tools and light."""

    timers: frozenset[Timer] = frozenset()
    session: bool = False  # asked for, and neither closed nor lost
    opened: bool = False
    local: bool = False  # … with the brain at home
    acted: bool = False  # a call was run for what was said in the last window
    falls_back: bool = False
    window: int | None = None  # the turn whose activity window is open
    watching: bool = False
    muted: bool = False
    tools: frozenset[str] = frozenset()
    paused: bool = False  # the window was closed by a pause, and nobody knows yet whether the turn is over
    silent: bool = False  # a pause was told, and nobody knows yet …
    kept: frozenset[str] = frozenset()  # calls that came meanwhile
    playing: bool = False  # reply audio may be in the speaker
    shows: frozenset[str] = frozenset()  # the names of the tools that take pictures
    pictures: frozenset[str] = frozenset()  # calls of those, since the user last spoke, that nobody took back
    light: Pattern = Pattern.IDLE
    sounds: bool = False  # a ring is heard
    telling: bool = False
    eager: bool = False  # pauses are told
    button: bool = True  # there is one
    most_ids: int = len(IDS)  # so many are due at a time
    due: frozenset[str] = frozenset()  # they wait for their ring
    ringing: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()

    def happens(self, event: Event) -> None:  # noqa: C901 - as below
        match event:
            case on.TimerExpired(timer=timer):
                self.timers -= {timer}
            case on.SessionOpened():
                self.opened = self.session
            case on.SessionLost():
                self.session = self.opened = self.local = False
                self.pictures = self.kept = frozenset()
            case on.MuteSwitched(muted=muted):
                self.muted = muted
            case UtterancePaused() | UtteranceResumed() if self.falls_back and self.window is not None:
                self.silent = isinstance(event, UtterancePaused)
            case on.ToolRequested(call=call) if self.paused:
                self.kept |= {call.id}
            case on.ToolFinished(id=id_, failed=failed):
                self.tools -= {id_}
                self.pictures -= {id_} if failed else set()
            case on.RingDue(id=id_) if self.sounds:
                self.ringing |= {id_}
            case on.RingDue(id=id_):
                self.due |= {id_}
            case on.RingWithdrawn(id=id_):
                self.due -= {id_}
                self.ringing -= {id_}
            case on.MessageTold():
                self.telling = False

    def obey(self, command: Command) -> None:  # noqa: C901 - one line a command is the clearest there is
        match command:
            case do.StartTimer(timer=timer):
                self.timers |= {timer}
            case do.StopTimer(timer=timer):
                self.timers -= {timer}
            case do.OpenSession(local=local):
                self.blame(self.session, "a second session")
                self.blame(local and not self.falls_back, "a session with a brain that is not there")
                self.session, self.opened, self.local = True, False, local
            case do.CloseSession():
                self.session, self.opened, self.window = False, False, None
                self.local = self.paused = self.silent = False
                self.pictures = self.kept = frozenset()
            case do.LeaveSession():
                self.blame(not self.session, "the end of no session")
                self.blame(self.acted, "a request that changes hands when it was acted upon")
                self.blame(bool(self.kept), "a call that nobody answers")
                self.session = self.opened = self.local = False
            case do.AskHome():
                ahead = self.silent and (self.window is not None or self.paused)
                self.blame(self.local and not ahead, "a question to the one who has the request")
                self.blame(self.window is not None and not ahead, "a question about what is not said yet")
            case do.StartActivity(turn=turn):
                self.blame(self.window is not None, "a window in a window")
                self.blame(self.muted, "a window while muted")
                self.blame(self.sounds or self.telling, "a window while something rings or is told")
                self.blame(bool(self.kept), "a window while a call of half a request is owed an answer")
                self.window, self.pictures, self.paused = turn, frozenset(), False
                self.acted = self.silent = False
            case do.EndActivity(turn=turn):
                self.blame(self.window != turn, "an end without a start")
                self.window = None
                self.silent &= self.paused
            case do.PlayKept():
                self.blame(not self.paused, "a reply that was not kept")
                self.paused = self.silent = False
            case do.WatchForSpeech():
                self.watching = True
                self.acted &= self.window is not None  # else it is another request
            case do.StopWatching():
                self.watching = False
            case do.FlushPlayout():
                self.playing = self.telling = False
            case do.StartRinging():
                self.blame(self.sounds, "a ring in a ring")
                self.blame(self.window is not None, "a ring in a window")
                self.blame(self.playing or self.telling, "a ring over something else")
                self.blame(not self.due, "a ring for nothing")
                self.sounds, self.ringing, self.due = True, self.due, frozenset()
            case do.StopRinging(ids=ids):
                self.blame(not self.sounds, "the end of no ring")
                self.blame(set(ids) != self.ringing, "an end of what did not ring, or none of what did")
                self.sounds, self.ringing = False, frozenset()
            case do.TellMessage():
                self.blame(self.sounds or self.telling, "a message over something else")
                self.blame(self.playing or self.window is not None, "a message in an exchange")
                self.telling = True
            case do.RefuseTool(call=call):
                self.kept -= {call.id}
            case do.RunTool(call=call):
                self.blame(self.paused, "a call of what may be half a request")
                self.kept -= {call.id}
                self.acted = self.falls_back and not self.playing
                self.tools |= {call.id}
                self.pictures |= {call.id} if call.name in self.shows else set()
            case do.CancelTools(ids=ids):
                self.tools -= set(ids)
                self.kept -= set(ids)
                self.pictures -= set(ids)
            case do.ShowPictures():
                self.blame(bool(self.tools), "a picture while a call is open, which that would cancel")
                self.blame(not self.session, "a picture for nobody")
                self.blame(self.window is not None, "a picture while the user speaks")
                self.blame(not self.pictures, "a picture that nobody wants, or was taken")
                self.pictures = frozenset()
            case do.ShowIndicator(pattern=pattern):
                self.light = pattern

    def blame(self, wrong: bool, text: str) -> None:
        if wrong:
            self.faults += (text,)


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


def every_event(conversation: Conversation) -> list[Event]:
    """One of each kind, and of each variant that the rules tell apart: turns, tap or hold, timers."""
    return _events_in(conversation.turn)


@cache
def _events_in(turn: int) -> list[Event]:
    turns = (turn, turn - 1)
    return [
        on.WakeWordDetected("hey_jarvis", 0),
        on.ButtonPressed(0),
        on.ButtonReleased(0, 100.0),
        on.ButtonReleased(0, 1_000.0),
        on.MuteSwitched(True),
        on.MuteSwitched(False),
        on.MicrophoneLost(),
        on.MicrophoneRestored(),
        on.SoundVanished(),
        on.SoundReturned(),
        on.SpeakerLost(),  # not possible here: it would double every state, and has tests of its own
        on.SpeakerRestored(),
        on.UtteranceStarted(0),
        on.UtteranceEnded(0),
        UtterancePaused(0),
        UtteranceResumed(0),
        on.SessionOpened(),
        on.SessionLost(Cause.LOST),
        on.SessionLost(Cause.KEY_REFUSED),
        *(on.HomeHasRead(turn, sure) for turn in turns for sure in (True, False)),
        on.ServiceReturned(),
        *(on.LineSilent(silent) for silent in (True, False)),
        on.SessionEnding(50.0),
        *(kind(turn) for turn in turns for kind in (on.ReplyStarted, on.ReplyComplete, on.Interrupted)),
        on.ToolRequested(CALL),
        on.ToolProgressed(CALL.id),
        on.ToolFinished(CALL.id),
        on.ToolFinished(CALL.id, failed=True),
        on.ToolCancelled((CALL.id,)),
        *(on.PlayoutDrained(turn, 0, 0) for turn in turns),
        *(kind(turn) for kind in (on.PlayoutStarved, on.PlayoutResumed)),
        on.CameraSwitched(on=False),  # what it does while on is a test of its own: it would double every state
        on.BudgetNear(Notice.DAY_NEARLY_SPENT),
        on.BudgetReached(),
        *(kind(id_) for id_ in IDS for kind in (on.RingDue, on.RingWithdrawn)),
        on.MessageWaiting(),
        on.MessageTold(),
        on.StopHeard(0),
        on.GoodbyeAsked(),
        on.ListenAsked(0),
        *(on.TimerExpired(timer) for timer in Timer),
    ]


def possible(event: Event, world: World) -> bool:  # noqa: C901 - one line an event
    """Whether the world can bring this about: a timer that does not run cannot expire, a closed session is silent."""
    match event:
        case on.TimerExpired(timer=timer):
            return timer in world.timers
        case on.ButtonPressed() | on.ButtonReleased():
            return world.button
        case on.SessionOpened():
            return world.session and not world.opened
        case on.SessionLost():
            return world.session
        case on.HomeHasRead() | on.ServiceReturned():  # at any time, for they may be late
            return world.falls_back
        case on.LineSilent():
            return world.falls_back and world.opened and not world.local
        case on.SessionEnding() | on.BudgetReached() | on.Interrupted() if world.local:
            return False
        case on.SessionEnding() | on.ReplyStarted() | on.ReplyComplete() | on.Interrupted() | on.ToolRequested():
            return world.opened
        case on.ToolFinished(failed=True):  # that is the same as success, but where there are pictures
            return bool(world.shows)
        case on.SpeakerLost() | on.SpeakerRestored():
            return False
        case on.BudgetReached():  # known from what an open session reports
            return world.opened
        case on.RingDue(id=id_):
            return id_ in world.due | world.ringing or len(world.due | world.ringing) < world.most_ids
        case on.RingWithdrawn(id=id_):
            return id_ in world.due | world.ringing
        case on.MessageTold():
            return world.telling
        case UtterancePaused():
            return (world.eager or world.falls_back) and world.window is not None
        case UtteranceResumed():
            return world.paused or world.silent
        case on.GoodbyeAsked():  # a tool of the model's says so
            return bool(world.tools)
    return True


@cache
def _possible_in(turn: int, world: tuple[object, ...]) -> list[Event]:
    """The events of `_events_in` that a world of these fields can bring about."""
    return [event for event in _events_in(turn) if possible(event, World(*world))]  # type: ignore[arg-type]


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
    if isinstance(event, UtterancePaused) and any(isinstance(command, do.EndActivity) for command in commands):
        world.paused = True
    for command in commands:
        world.obey(command)
    if isinstance(event, on.ReplyStarted) and event.turn == after.reply_turn:
        world.playing, world.acted = True, False


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
        *theirs[:_WINDOW],
        world.window is not None,
        *theirs[_WINDOW + 1 : _DUE],
        len(world.due),
        len(world.ringing),
        *theirs[_RINGING + 1 :],
    )
