"""The conversation as a state machine: events in, commands out.

No clock, no socket, no thread, no logging: all it knows arrives as an event, all it wants done leaves as a command.
Every state but the two rests, IDLE and MUTED, has one timer named after it, so that none lasts for ever.

Audio does not pass through here. Positions do: `StartActivity` and `EndActivity` name the samples that may leave the
device, and `may_send` and `reply_turn` answer the two questions that the audio path asks of the state: the uplink
before each piece of speech, the appliance before each piece of a reply.
"""

from dataclasses import dataclass
from enum import Enum, auto
from functools import singledispatchmethod

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.commands import Command, Earcon, Pattern
from daemon.conversation.events import Cause, Event, Notice
from daemon.conversation.rules import Rules


class State(Enum):
    IDLE = "idle"  # waits for the wake word; no audio leaves
    LISTENING = "listening"  # the user's turn, nothing said yet; audio waits in the ring, the session opens meanwhile
    HEARING = "hearing"  # the activity window is open
    THINKING = "thinking"  # the window has closed, no reply yet; tools may run
    SPEAKING = "speaking"  # the reply plays; the wake engine keeps listening
    MUTED = "muted"  # the microphone is closed


class Link(Enum):
    CLOSED = auto()
    OPENING = auto()
    OPEN = auto()


class Tap(Enum):
    """What it means if the button that is now down comes up again before `hold_ms`."""

    LISTEN = auto()  # it was pressed at rest: go on listening
    CANCEL = auto()  # … while listening: never mind
    FINISH = auto()  # … while hearing: that was all
    STOP = auto()  # … during a reply: be quiet


@dataclass(slots=True)
class _Exchange:
    """What is remembered of one request and its reply. The next begins with a new one, so that nothing is left over."""

    anchor: int = 0  # the user's words count from this sample on
    follow_up: bool = False  # it needs no wake word, for it comes after a reply
    reopened: int = 0  # how often its session was opened anew
    streaming: bool = False  # with automatic turn taking: audio goes up since the listening began
    spoken: bool = False  # speech was heard in the activity window
    ended: bool = False  # with automatic turn taking: it has ended, as far as this machine can tell
    replying: bool = False  # more of the reply to the current turn is welcome
    complete: bool = False  # … but no more will come
    starved: bool = False
    answer_owed: bool = False  # a tool was asked for, and nothing was said since
    trailing: bool = False  # … and the reply ended: more of it may come, or that was all


class Conversation:
    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.state = State.IDLE
        self.turn = 0
        self._link = Link.CLOSED
        self._now = _Exchange()
        self._tools: set[str] = set()  # calls that run
        self._result_awaited = False  # a tool was called that the model did not wait for: it may speak unasked
        self._ending = False  # goAway was received
        self._spent = False  # the budget is, and this exchange the last of its session
        self._button: Tap | None = None
        self._failure: Cause | None = None
        self._microphone_lost = False
        self._speaker_lost = False
        self._camera_on = False
        self._shown = Pattern.IDLE

    @property
    def may_send(self) -> bool:
        """Whether microphone audio may leave the device: within the window, or what is left of it to send."""
        return self.state in {State.HEARING, State.THINKING} or self._now.streaming

    @property
    def reply_turn(self) -> int | None:
        """The turn whose reply may be played; audio of any other is late and dropped."""
        return self.turn if self._now.replying else None

    @property
    def pattern(self) -> Pattern:
        """What the light shows, derived from the whole state; muted outranks all else, and the camera what remains."""
        if self.state is not State.MUTED and self._camera_on:
            return Pattern.WATCHING
        unheard = self._failure or self._speaker_lost
        if self.state is not State.MUTED and (self._microphone_lost or (unheard and self.state is State.IDLE)):
            return Pattern.FAILED
        if self.state is State.SPEAKING and self._speaker_lost:
            return Pattern.FAILED
        return Pattern(self.state.value)

    def handle(self, event: Event) -> list[Command]:
        """What has to be done about `event`, in order. Unknown in this state means late or irrelevant: nothing."""
        commands = self._on(event)
        if self.pattern is not self._shown:
            self._shown = self.pattern
            commands.append(do.ShowIndicator(self._shown))
        return commands

    @singledispatchmethod
    def _on(self, event: Event) -> list[Command]:
        raise TypeError(f"no rule for {event!r}")

    # The user

    @_on.register
    def _wake_word(self, event: on.WakeWordDetected) -> list[Command]:
        match self.state:
            case State.IDLE:
                return self._listen(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.LISTENING:
                return self._listen_on(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.THINKING | State.SPEAKING:
                return self._interrupt(event.at)
        return []

    @_on.register
    def _pressed(self, event: on.ButtonPressed) -> list[Command]:
        match self.state:
            case State.IDLE if self._microphone_lost:
                return [do.PlayEarcon(Earcon.MICROPHONE_LOST)]
            case State.IDLE:
                self._button = Tap.LISTEN
                return self._listen(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.LISTENING:
                self._button = Tap.CANCEL
                return self._listen_on(event.at if self._now.follow_up else self._now.anchor)
            case State.HEARING:
                self._button = Tap.FINISH
            case State.THINKING | State.SPEAKING:
                self._button = Tap.STOP
                return self._interrupt(event.at)
            case State.MUTED:
                return [do.PlayEarcon(Earcon.MUTED)]
        return []

    @_on.register
    def _released(self, event: on.ButtonReleased) -> list[Command]:
        tap, self._button = self._button, None
        if tap is None or self.state not in {State.LISTENING, State.HEARING}:
            return []
        if event.held_ms >= self.rules.hold_ms:
            return self._think(event.at + self.rules.tail_samples)
        match tap:
            case Tap.CANCEL:
                window = self._close() if self.may_send else []
                return self._rest(*window, do.PlayEarcon(Earcon.ASLEEP))
            case Tap.FINISH:
                return self._think(event.at)
            case Tap.STOP:
                return self._rest(*self._close(), do.PlayEarcon(Earcon.STOPPED))
        return []

    @_on.register
    def _utterance_started(self, event: on.UtteranceStarted) -> list[Command]:
        match self.state:
            case State.LISTENING:
                lead_in = event.at - self.rules.lead_in_samples if self._now.follow_up else 0
                return self._hear(max(self._now.anchor, lead_in))
            case State.HEARING:
                self._now.spoken, self._now.ended = True, False
                return [self._patience()]
        return []

    @_on.register
    def _utterance_ended(self, event: on.UtteranceEnded) -> list[Command]:
        if self.state is not State.HEARING or self._button is not None:
            return []
        if self._now.streaming:  # the service decides; but if it should not, we shall
            self._now.ended = True
            return [do.WatchForSpeech(event.at), self._patience()]
        return self._think(event.at)

    @_on.register
    def _mute(self, event: on.MuteSwitched) -> list[Command]:
        if event.muted and self.state is not State.MUTED:
            commands = [do.FlushPlayout(), *self._close()]
            return self._enter(State.MUTED, *commands, do.PlayEarcon(Earcon.MUTED))
        if not event.muted and self.state is State.MUTED:
            return self._rest(do.PlayEarcon(Earcon.UNMUTED))
        return []

    # The microphone

    @_on.register
    def _microphone_gone(self, event: on.MicrophoneLost) -> list[Command]:
        self._microphone_lost = True
        sound = do.PlayEarcon(Earcon.MICROPHONE_LOST)
        if self.state in {State.LISTENING, State.HEARING}:
            return self._rest(*self._close(), sound)
        return [] if event.again else [sound]

    @_on.register
    def _microphone_back(self, _: on.MicrophoneRestored) -> list[Command]:
        self._microphone_lost = False
        return []

    @_on.register
    def _sound_gone(self, _: on.SoundVanished) -> list[Command]:
        return []  # it may be a mute key of its own: whoever pressed it knows

    @_on.register
    def _sound_back(self, _: on.SoundReturned) -> list[Command]:
        return []

    # The speaker

    @_on.register
    def _speaker_gone(self, _: on.SpeakerLost) -> list[Command]:
        self._speaker_lost = True
        if self.state is State.SPEAKING:
            return [self._patience()]
        if self.state in RESTS and not self._result_awaited:
            return [do.FlushPlayout()]  # what was to be said now would be out of place later
        return []

    @_on.register
    def _speaker_back(self, event: on.SpeakerRestored) -> list[Command]:
        self._speaker_lost = False
        if self.state is State.SPEAKING:
            return [self._patience()]
        return [do.Announce(Notice.SPEAKER_BACK)] if self.state in RESTS and not event.again else []

    # The camera

    @_on.register
    def _camera_switched(self, event: on.CameraSwitched) -> list[Command]:
        self._camera_on = event.on
        return []

    # The session

    @_on.register
    def _opened(self, _: on.SessionOpened) -> list[Command]:
        if self._link is Link.OPENING:
            self._link = Link.OPEN
        return []

    @_on.register
    def _lost(self, event: on.SessionLost) -> list[Command]:
        if self._link is Link.CLOSED:
            return []
        if self.state is State.IDLE or (self.state is State.SPEAKING and self._now.complete):
            return [do.StopTimer("linger"), *self._forget_session()]
        untouched = self.state is not State.SPEAKING and not self._now.answer_owed and not self._tools
        if event.cause.passing and untouched and self._now.reopened < self.rules.reopenings:
            self._now.reopened += 1
            return [*self._forget_session(), *self._open()]
        return self._fail(event.cause)

    @_on.register
    def _going_away(self, _: on.SessionEnding) -> list[Command]:
        if self._link is not Link.OPEN or self._spent:
            return []
        if self.state is State.IDLE:
            return [do.StopTimer("linger"), *self._close()]
        if self.state is State.LISTENING and not self._now.streaming:
            return [*self._close(), *self._open()]
        self._ending = True
        return []

    # The budget

    @_on.register
    def _budget_near(self, event: on.BudgetNear) -> list[Command]:
        return [do.Announce(event.notice)] if self.state is State.IDLE else []

    @_on.register
    def _budget_reached(self, _: on.BudgetReached) -> list[Command]:
        match self.state:
            case State.IDLE if self._link is not Link.CLOSED:
                return [do.StopTimer("linger"), *self._close(), *self._refuse()]
            case State.LISTENING:
                return self._fail(Cause.BUDGET)
            case State.HEARING | State.THINKING | State.SPEAKING:
                self._spent, self._ending = True, False
        return []

    # The reply

    @_on.register
    def _reply_started(self, event: on.ReplyStarted) -> list[Command]:
        if self.state is State.IDLE and self._result_awaited and event.turn == self.turn:
            self._now.replying = True
        if event.turn != self.reply_turn:
            return []
        self._now.answer_owed = self._now.complete = self._now.starved = self._now.trailing = False
        if self.state is State.SPEAKING:
            return [self._patience()]
        return self._enter(State.SPEAKING, *self._stop_streaming())

    @_on.register
    def _reply_complete(self, event: on.ReplyComplete) -> list[Command]:
        if event.turn != self.reply_turn:
            return []
        pending = self._tools or self._now.answer_owed
        if pending and (self.rules.tools_wait or self.state is State.THINKING):
            return self._await_the_rest()
        if self.state is State.SPEAKING:
            return self._finish()
        if self.state is State.THINKING:  # the model chose to say nothing
            return self._rest(do.PlayEarcon(Earcon.ASLEEP))
        return []

    @_on.register
    def _interrupted(self, event: on.Interrupted) -> list[Command]:
        if self.state is State.SPEAKING and event.turn == self.reply_turn:
            return self._finish()
        return []

    @_on.register
    def _drained(self, event: on.PlayoutDrained) -> list[Command]:
        if self.state is not State.SPEAKING or event.turn != self.turn:
            return []
        if not self.rules.follow_up_s or self._microphone_lost or self._speaker_lost or self._spent:
            return self._rest()
        renew = self._close() if self._ending else []
        return self._listen(event.at + self.rules.settle_samples, *renew, follow_up=True)

    @_on.register
    def _playout_starved(self, event: on.PlayoutStarved) -> list[Command]:
        if self.state is not State.SPEAKING or event.turn != self.turn:
            return []
        self._now.starved = True
        return [self._patience()]

    @_on.register
    def _playout_resumed(self, event: on.PlayoutResumed) -> list[Command]:
        if self.state is not State.SPEAKING or event.turn != self.turn:
            return []
        self._now.starved = False
        return [self._patience()]

    # Tools

    @_on.register
    def _tool_requested(self, event: on.ToolRequested) -> list[Command]:
        if self.state in {State.THINKING, State.SPEAKING} or self._now.streaming:
            self._tools.add(event.call.id)
            self._now.answer_owed, self._now.trailing = self.rules.tools_wait, False
            self._result_awaited = not self.rules.tools_wait or event.call.name in self.rules.showing
            if self._now.streaming:
                return [*self._enter(State.THINKING, *self._stop_streaming()), do.RunTool(event.call)]
            return [do.RunTool(event.call), self._patience()]
        if self._link is Link.OPEN:
            return [do.RefuseTool(event.call, "the user is not waiting for this any more")]
        return []

    @_on.register
    def _tool_progressed(self, event: on.ToolProgressed) -> list[Command]:
        waited_for = event.id in self._tools and self.state in {State.THINKING, State.SPEAKING}
        return [self._patience()] if waited_for else []

    @_on.register
    def _tool_finished(self, event: on.ToolFinished) -> list[Command]:
        if event.id not in self._tools:
            return []
        self._tools.discard(event.id)
        return [self._patience()] if self.state in {State.THINKING, State.SPEAKING} else []

    @_on.register
    def _tool_cancelled(self, event: on.ToolCancelled) -> list[Command]:
        """The service forgets these calls, and what they answered: it is undone, so that both know the same."""
        if self._link is not Link.OPEN:
            return []
        self._tools.difference_update(event.ids)
        if not self._tools:
            self._now.answer_owed = False
        finish = self._finish() if self._now.trailing and self.state is State.SPEAKING else []
        return [do.CancelTools(event.ids, undo=True), *finish]

    # Deadlines

    @_on.register
    def _expired(self, event: on.TimerExpired) -> list[Command]:
        match event.name, self.state:
            case "linger", State.IDLE:
                return self._close()
            case "failure", _:
                self._failure = None
            case "listening", State.LISTENING:
                told = [] if self._now.follow_up else [do.PlayEarcon(Earcon.ASLEEP)]
                return self._rest(*self._stop_streaming(), *told)
            case "hearing", State.HEARING:
                if self._now.spoken or self._button is not None:
                    return self._think(event.at)
                return self._rest(*self._close(), do.PlayEarcon(Earcon.ASLEEP))
            case "thinking", State.THINKING if self._now.trailing:  # the model keeps the result to itself
                return self._rest(do.PlayEarcon(Earcon.ASLEEP))
            case "thinking", State.THINKING:
                return self._fail(Cause.NO_REPLY)
            case "speaking", State.SPEAKING:
                return self._spoken_too_long()
        return []

    # What several events lead to

    def _listen(self, anchor: int, *commands: Command, follow_up: bool = False) -> list[Command]:
        self._now = _Exchange(anchor, follow_up=follow_up, replying=follow_up)
        watch = do.WatchForSpeech(anchor)
        stream = self._stream(anchor) if self.rules.automatic else []
        return self._enter(State.LISTENING, *commands, watch, *stream, *self._open())

    def _listen_on(self, anchor: int, *commands: Command) -> list[Command]:
        """Listen for what begins at `anchor`, while listening already; what streams goes on streaming."""
        if not self._now.streaming:
            return self._listen(anchor, *commands)
        self._now.follow_up = False
        return [*commands, self._patience()]

    def _stream(self, from_sample: int) -> list[Command]:
        """Automatic turn taking: audio goes up from here on, and the service finds speech in it."""
        self.turn += 1
        self._now.streaming = self._now.replying = True
        return [do.StartActivity(self.turn, from_sample)]

    def _stop_streaming(self) -> list[Command]:
        """The service has heard enough, or there was nothing to hear: what is not sent yet need not be."""
        if not self._now.streaming:
            return []
        self._now.streaming = self._now.ended = False
        return [do.EndActivity(self.turn, self._now.anchor)]

    def _hear(self, from_sample: int, *, spoken: bool = True) -> list[Command]:
        now = self._now
        if now.streaming:
            now.spoken = spoken
            return self._enter(State.HEARING)
        self.turn += 1
        self._now = _Exchange(now.anchor, follow_up=now.follow_up, reopened=now.reopened, spoken=spoken)
        self._now.streaming = self._now.replying = self.rules.automatic
        return self._enter(State.HEARING, do.StartActivity(self.turn, from_sample))

    def _interrupt(self, at: int) -> list[Command]:
        """Barge-in: silence first, and `activityStart` at once, which is how the service is told."""
        stop = self._stop_tools()
        if self._spent:
            return [*stop, *self._fail(Cause.BUDGET)]
        self._now = _Exchange(at)
        heard = self._hear(at, spoken=False)
        return [do.FlushPlayout(), *stop, *heard, do.WatchForSpeech(at), *self._open(), do.PlayEarcon(Earcon.AWAKE)]

    def _stop_tools(self) -> list[Command]:
        """The user did not wait for what still runs: it is undone, and the service told, which waits for it.

        What was answered stays: the model knows of it, and the user may have interrupted for any reason.
        """
        if not self._tools or not self.rules.tools_wait:
            return []
        ids = tuple(sorted(self._tools))
        self._tools.clear()
        return [do.CancelTools(ids, undo=True, reason="the user interrupted: it was stopped")]

    def _think(self, at: int) -> list[Command]:
        start = [] if self.state is State.HEARING else self._hear(self._now.anchor)
        self._button, self._now.replying, self._now.streaming = None, True, False
        end = do.EndActivity(self.turn, at)
        return [*start, *self._enter(State.THINKING, end, do.PlayEarcon(Earcon.HEARD))]

    def _await_the_rest(self) -> list[Command]:
        """The reply ended before anything was said of a tool's result: that may have been all of it.

        But not if the model waits for the result, or had said nothing yet: then it owes an answer.
        """
        if self.rules.tools_wait and (self._tools or self.state is State.THINKING):
            return []
        self._now.trailing = True
        return [self._patience()] if self.state is State.SPEAKING else []

    def _finish(self) -> list[Command]:
        self._now.complete, self._now.trailing = True, False
        return [do.FinishPlayout(self.turn)]

    def _spoken_too_long(self) -> list[Command]:
        """… or silent for too long."""
        if not self._now.starved or self._speaker_lost:
            return self._stop_speaking()
        if not self._now.trailing:
            return self._fail(Cause.NO_REPLY)
        self._now.starved = False
        return [*self._finish(), self._patience()]

    def _stop_speaking(self) -> list[Command]:
        return self._rest(do.FlushPlayout(), *self._close(), do.PlayEarcon(Earcon.STOPPED))

    def _rest(self, *commands: Command) -> list[Command]:
        """To IDLE. An open session lingers, so that the next wake word finds it open; one that still opens does not."""
        unwanted = self._link is Link.OPENING or self._ending or self._spent or not self.rules.linger_s
        refuse = self._refuse() if self._spent else []
        close = self._close() if unwanted else []
        linger = [do.StartTimer("linger", self.rules.linger_s)] if self._link is Link.OPEN else []
        return [*self._enter(State.IDLE, *commands, *close), *linger, *refuse]

    def _refuse(self) -> list[Command]:
        """Tell, and show, that no more may be spent."""
        self._failure = Cause.BUDGET
        return [do.Announce(Cause.BUDGET), do.StartTimer("failure", self.rules.failure_shown_s)]

    def _fail(self, cause: Cause) -> list[Command]:
        """To IDLE, with the reason told and shown."""
        self._failure = cause
        tell = do.Announce(cause), do.StartTimer("failure", self.rules.failure_shown_s)
        return self._rest(do.FlushPlayout(), *self._close(), *tell)

    def _open(self) -> list[Command]:
        if self._link is not Link.CLOSED:
            return []
        self._link = Link.OPENING
        return [do.OpenSession()]

    def _close(self) -> list[Command]:
        """Close whatever there is of a session."""
        close = [] if self._link is Link.CLOSED else [do.CloseSession()]
        return [*self._forget_session(), *close]

    def _forget_session(self) -> list[Command]:
        """It is closed or lost. Its tool calls end with it, as they are: that nobody changed their mind about."""
        cancel = [do.CancelTools(tuple(sorted(self._tools)))] if self._tools else []
        self._tools.clear()
        self._link, self._ending, self._spent = Link.CLOSED, False, False
        self._result_awaited = self._now.answer_owed = False
        return [*cancel]

    def _enter(self, state: State, *commands: Command) -> list[Command]:
        """Leave the present state with its timer, and enter `state` with its own."""
        old, self.state = self.state, state
        leave: list[Command] = []
        if old not in RESTS:
            leave.append(do.StopTimer(old.value))
        if old is State.IDLE and state is not State.IDLE:
            leave += [do.StopTimer("linger"), do.StopTimer("failure")]
            self._failure = None
        if old in WATCHED and state not in WATCHED:
            leave.append(do.StopWatching())
        if state in RESTS:
            self._button = None
            self._now = _Exchange()
            return [*leave, *commands]
        return [*leave, *commands, self._patience()]

    def _patience(self) -> do.StartTimer:
        """The present state's timer, started anew."""
        rules = self.rules
        listening = rules.follow_up_s if self._now.follow_up else rules.nothing_said_s
        seconds = {
            State.LISTENING: listening,
            State.HEARING: self._longest_hearing_s(),
            State.THINKING: self._longest_thought_s(),
            State.SPEAKING: self._longest_speech_s(),
        }
        return do.StartTimer(self.state.value, seconds[self.state])

    def _longest_thought_s(self) -> float:
        if self._tools:
            return max(self.rules.reply_deadline_s, self.rules.longest_tool_s)
        return self.rules.afterthought_s if self._now.trailing else self.rules.reply_deadline_s

    def _longest_speech_s(self) -> float:
        if self._speaker_lost:
            return max(self.rules.speaker_away_s, self.rules.longest_tool_s if self._tools else 0)
        return self._longest_silence_s() if self._now.starved else self.rules.longest_reply_s

    def _longest_silence_s(self) -> float:
        if self._tools:
            return max(self.rules.stalled_reply_s, self.rules.longest_tool_s)
        return self.rules.afterthought_s if self._now.trailing else self.rules.stalled_reply_s

    def _longest_hearing_s(self) -> float:
        if self._now.ended:
            return self.rules.service_endpoint_s
        spoken = self._now.spoken or self._button is not None
        return self.rules.longest_utterance_s if spoken else self.rules.nothing_said_s


RESTS = frozenset({State.IDLE, State.MUTED})
"""The states without a deadline: what the household chose, and the state that all others end in."""

WATCHED = frozenset({State.LISTENING, State.HEARING})
"""The states in which endpointing runs."""
