"""From state to state, with all that goes with it: what several events lead to."""

from daemon.conversation import commands as do
from daemon.conversation.calling import Calling
from daemon.conversation.causes import Cause
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command, Earcon
from daemon.conversation.condition import Condition
from daemon.conversation.exchange import RESTS, WATCHED, Exchange, State, Tap
from daemon.conversation.link import Link
from daemon.conversation.owed import Owed
from daemon.conversation.patience import TIMERS, Patience
from daemon.conversation.rules import Rules
from daemon.conversation.situation import Hindrance
from daemon.conversation.standby import Reading, Standby


class Transitions:
    """All that a conversation remembers, and the ways in which it changes."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.state = State.IDLE
        self.turn = 0
        self._now = Exchange()
        self._link = Link()
        self._home = Standby()
        self._owed = Owed()
        self._condition = Condition()
        self._calling = Calling()
        self._button: Tap | None = None

    @property
    def _hindrance(self) -> Hindrance | None:
        """What keeps it from listening on after a reply."""
        if self._link.spent:
            return Hindrance.BUDGET
        if self._condition.microphone_lost:
            return Hindrance.MICROPHONE
        if self._condition.speaker_lost:
            return Hindrance.SPEAKER
        if self._calling.waiting:
            return Hindrance.RING
        if self._now.goodbye:
            return Hindrance.GOODBYE
        return None if self.rules.follow_up_s else Hindrance.SETTINGS

    def _begin(self, exchange: Exchange) -> None:
        """Another request: nothing of the one before is left over."""
        self._now = exchange
        self._owed.next_exchange()
        self._link.next_request()
        self._home.next_request()

    def _open(self) -> list[Command]:
        """Have a session, with whom it has to be."""
        return self._link.open(local=self._home.first(self.rules.offline))

    # The user's turn

    def _listen(self, anchor: int, *commands: Command, follow_up: bool = False) -> list[Command]:
        self._begin(Exchange(anchor, follow_up=follow_up, replying=follow_up))
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
        self._owed.user_speaks()
        self._now.streaming = self._now.replying = True
        return [do.StartActivity(self.turn, from_sample)]

    def _stop_streaming(self) -> list[Command]:
        """The service has heard enough, or there was nothing to hear: what is not sent yet need not be."""
        if not self._now.streaming:
            return []
        self._now.streaming = False
        return [do.EndActivity(self.turn, self._now.anchor)]

    def _hear(self, from_sample: int, *, spoken: bool = True) -> list[Command]:
        now = self._now
        if now.streaming:
            now.spoken = spoken
            return self._enter(State.HEARING)
        self.turn += 1
        self._now = Exchange(now.anchor, spoken=spoken)
        self._owed.next_exchange()
        self._owed.user_speaks()
        self._now.streaming = self._now.replying = self.rules.automatic
        return self._enter(State.HEARING, do.StartActivity(self.turn, from_sample))

    def _interrupt(self, at: int, *told: Command) -> list[Command]:
        """Barge-in: silence first, and `activityStart` at once, which is how the service is told."""
        stop = self._owed.interrupt(self.rules)
        if self._link.spent and not self.rules.falls_back:
            return [*stop, *self._fail(Cause.BUDGET)]
        close = self._close() if self._link.spent else []
        self._begin(Exchange(at))
        heard = self._hear(at, spoken=False)
        watch = do.WatchForSpeech(at)
        return [do.FlushPlayout(), *stop, *close, *heard, watch, *self._open(), *told]

    def _listen_along(self) -> list[Command]:
        """From now on a voice interrupts the reply, where the rules say so."""
        return [do.WatchForSpeech(None)] if self._is_watched(State.SPEAKING) else []

    def _is_watched(self, state: State) -> bool:
        """Whether endpointing runs in this state."""
        along = self.rules.voice_interrupts and not self.rules.automatic
        return state in WATCHED or (along and state is State.SPEAKING)

    def _think(self, at: int) -> list[Command]:
        if self._now.paused:
            return self._confirm()
        start = [] if self.state is State.HEARING else self._hear(self._now.anchor)
        self._now.replying, self._now.streaming = True, False
        end = do.EndActivity(self.turn, at)
        sound = (self._sound_home() if self._link.local else []) or [do.PlayEarcon(Earcon.HEARD)]
        return [*start, *self._enter(State.THINKING, end, *sound)]

    def _sound_home(self) -> list[Command]:
        """The brain at home answers: see `daemon.conversation.fallback`."""
        raise NotImplementedError

    def _wait_for_service(self, *, doubtful: bool = False) -> list[Command]:
        """Be told when it lets the request wait for too long; where it may not be there, the brain at home reads."""
        home = self._home
        doubtful |= self._link.doubtful or home.reading is not Reading.NONE
        self._link.silent = False
        if self.state is not State.THINKING or not self.rules.falls_back or self._link.local:
            return []
        if home.called or home.failed:
            return []
        if not doubtful:
            return [do.StartTimer(Timer.UNANSWERED, self.rules.answers_s)]
        wait = do.StartTimer(Timer.UNANSWERED, max(0.0, self.rules.opens_s - home.waited_s))
        if home.reading is not Reading.NONE:
            return [wait]
        home.reading = Reading.ASKED
        return [wait, do.AskHome(self.turn)]

    def _confirm(self) -> list[Command]:
        """The pause was the end: see `daemon.conversation.pauses`."""
        raise NotImplementedError

    # The reply

    def _await_the_rest(self) -> list[Command]:
        """The reply ended before anything was said of a tool's result: that may have been all of it.

        But not if the model waits for the result, or had said nothing yet: then it owes an answer, if not to a goodbye.
        """
        silent = self.state is State.THINKING
        if self.rules.tools_wait and (self._owed.running or (silent and not self._now.goodbye)):
            return []
        self._owed.trailing = True
        return [] if silent and not self._now.goodbye else [self._patience()]

    def _finish(self) -> list[Command]:
        self._now.complete, self._owed.trailing = True, False
        return [do.FinishPlayout(self.turn)]

    def _spoken_too_long(self) -> list[Command]:
        """… or silent for too long."""
        if not self._now.starved or self._condition.speaker_lost:
            return self._stop_speaking()
        if not self._owed.trailing:
            return self._fail(Cause.NO_REPLY)
        self._now.starved = False
        return [*self._finish(), self._patience()]

    def _stop_speaking(self) -> list[Command]:
        return self._rest(do.FlushPlayout(), *self._close(), do.PlayEarcon(Earcon.STOPPED))

    # To rest

    def _rest(self, *commands: Command) -> list[Command]:
        """To IDLE. An open session lingers, so that the next wake word finds it open; one that still opens does not."""
        refuse = self._tell(Cause.BUDGET) if self._link.spent else []
        close = self._close() if self._link.done_with or not self.rules.linger_s else []
        linger = [do.StartTimer(Timer.LINGER, self.rules.linger_s)] if self._link.is_open else []
        return [*self._enter(State.IDLE, *commands, *close), *linger, *refuse]

    def _fail(self, cause: Cause) -> list[Command]:
        """To IDLE, with the reason told and shown."""
        tell = self._tell(cause)
        return self._rest(do.FlushPlayout(), *self._close(), *tell)

    def _tell(self, cause: Cause) -> list[Command]:
        """Say, and show, what is the matter."""
        self._condition.failure = cause
        return [do.Announce(cause), do.StartTimer(Timer.FAILURE, self.rules.failure_shown_s)]

    def _close(self) -> list[Command]:
        """Close whatever there is of a session, and stop what runs for it."""
        return [*self._owed.end(), *self._link.close()]

    def _forget_session(self) -> list[Command]:
        """It is lost, and what runs for it is stopped."""
        self._link.lost()
        return self._owed.end()

    # From one to the other

    def _enter(self, state: State, *commands: Command) -> list[Command]:
        """Leave the present state with its timer, and enter `state` with its own."""
        old, self.state = self.state, state
        self._now.enters(state)
        self._home.silent_from = None
        leave: list[Command] = []
        if old not in RESTS:
            leave.append(do.StopTimer(TIMERS[old]))
        if old is State.THINKING and self.rules.falls_back:
            leave.append(do.StopTimer(Timer.UNANSWERED))
        if old is State.IDLE and state is not State.IDLE:
            leave += [do.StopTimer(Timer.LINGER), do.StopTimer(Timer.FAILURE)]
            self._condition.failure = None
        if self._is_watched(old) and not self._is_watched(state):
            leave.append(do.StopWatching())
        if state not in WATCHED:
            self._button = None
        if state in RESTS:
            self._begin(Exchange())
            return [*leave, *commands]
        return [*leave, *commands, self._patience(), *self._wait_for_service()]

    def _patience(self) -> do.StartTimer:
        """The present state's timer, started anew."""
        button_down = self._button is not None
        return Patience(self.rules, self._now, self._owed, button_down, self._condition.speaker_lost).timer(self.state)
