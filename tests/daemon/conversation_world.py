"""The world around a conversation, as far as its commands reach, and the events that it can bring about."""

from dataclasses import dataclass
from functools import cache

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command, Pattern
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import Event
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.conversation.tool_call import ToolCall

CALL = ToolCall("call", "set_device")
IDS = ("kettle", "eggs")
"""What may ring; two tell all that a third could."""


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


def every_event(conversation: Conversation) -> list[Event]:
    """One of each kind, and of each variant that the rules tell apart: turns, tap or hold, timers."""
    return events_in(conversation.turn)


@cache
def events_in(turn: int) -> list[Event]:
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
