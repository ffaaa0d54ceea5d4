"""The conversation as a state machine: events in, commands out.

No clock, no socket, no thread, no logging: all it knows arrives as an event, all it wants done leaves as a command.
Every state but the two rests, IDLE and MUTED, has one timer named after it, so that none lasts for ever. Here stands
what each event means in each state; what that leads to is in `daemon.conversation.transitions`. What rings and what is
told are no states but conditions of a rest, with timers of their own: `daemon.conversation.summons`.

Audio does not pass through here. Positions do: `StartActivity` and `EndActivity` name the samples that may leave the
device, and `may_send` and `reply_turn` answer the two questions that the audio path asks of the state: the uplink
before each piece of speech, the appliance before each piece of a reply.
"""

from functools import singledispatchmethod

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command, Earcon, Pattern
from daemon.conversation.events import Event
from daemon.conversation.exchange import REPLYING, WATCHED, State, Tap
from daemon.conversation.fallback import Fallback
from daemon.conversation.patience import TIMERS
from daemon.conversation.pauses import Pauses
from daemon.conversation.pausing import Pausing
from daemon.conversation.situation import Situation
from daemon.conversation.summons import Summons
from daemon.conversation.surroundings import Surroundings


class Conversation(Summons, Surroundings, Pauses, Fallback):
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
        """What the light shows."""
        return self._condition.pattern(self.state, rings=bool(self._calling.ringing), at_home=self._at_home)

    @property
    def situation(self) -> Situation:
        now = (self.state, self.turn, self.reply_turn, self.pattern)
        calling = (self._calling.waiting, self._calling.ringing, self._calling.telling)
        return Situation(*now, self._hindrance, self._owed.pending, self._link.reopened, *calling)

    def handle(self, event: Event) -> list[Command]:
        """What has to be done about `event`, in order. Unknown in this state means late or irrelevant: nothing."""
        rule = self._rules.get(type(event)) or self._rules[object]
        commands = [*rule(self, event), *self._ring_if_due()]
        rings = bool(self._calling.ringing)
        return [*commands, *self._condition.show(self.state, rings=rings, at_home=self._at_home)]

    @singledispatchmethod
    def _on(self, event: Event) -> list[Command]:
        raise TypeError(f"no rule for {event!r}")

    _rules = _on.dispatcher.registry
    """The one for each kind of event, without what `singledispatchmethod` asks and wraps anew at each call."""

    # The user

    @_on.register
    def _wake_word(self, event: on.WakeWordDetected) -> list[Command]:
        match self.state:
            case State.IDLE:  # whatever rings is stopped, and can be talked about
                stopped = self._calling.stop(answered=True)
                return self._listen(event.at, *stopped, do.PlayEarcon(Earcon.AWAKE))
            case State.LISTENING:
                return self._listen_on(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.THINKING | State.SPEAKING:
                return self._interrupt(event.at, do.PlayEarcon(Earcon.AWAKE))
        return []

    @_on.register
    def _pressed(self, event: on.ButtonPressed) -> list[Command]:
        if stopped := self._calling.stop(answered=True):
            return stopped
        match self.state:
            case State.IDLE if self._condition.microphone_lost:
                return [do.PlayEarcon(Earcon.MICROPHONE_LOST)]
            case State.IDLE:
                self._button = Tap.LISTEN
                return self._listen(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.LISTENING:
                self._button = Tap.CANCEL
                return self._listen_on(event.at if self._now.follow_up else self._now.anchor)
            case State.HEARING if self._now.paused and self._link.spent:
                return self._confirm()  # nothing more can be asked
            case State.HEARING:
                self._button = Tap.FINISH
                return self._take_back() if self._now.paused else []  # they go on until they let go
            case State.THINKING | State.SPEAKING:
                self._button = Tap.STOP
                return self._interrupt(event.at, do.PlayEarcon(Earcon.AWAKE))
            case State.MUTED:
                return [do.PlayEarcon(Earcon.MUTED)]

    @_on.register
    def _released(self, event: on.ButtonReleased) -> list[Command]:
        tap, self._button = self._button, None
        if tap is None or self.state not in WATCHED:
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
            case State.SPEAKING if self._is_watched(State.SPEAKING) and not self._link.spent:
                return self._interrupt(event.at - self.rules.lead_in_samples)  # no earcon: they are speaking
        return []

    @_on.register
    def _utterance_ended(self, event: on.UtteranceEnded) -> list[Command]:
        if self.state is not State.HEARING or self._button is not None:
            return []
        if self._now.streaming and not self._decides_itself:  # the service decides; but if it should not, we shall
            self._now.ended = True
            return [do.WatchForSpeech(event.at), self._patience()]
        self._home.ends(event.at)
        return self._think(event.at)

    @_on.register
    def _pausing(self, event: Pausing) -> list[Command]:
        return [*self._paused_or_resumed(event), *self._read_ahead(event)]

    @_on.register
    def _mute(self, event: on.MuteSwitched) -> list[Command]:
        if event.muted and self.state is not State.MUTED:
            commands = [do.FlushPlayout(), *self._calling.told(), *self._close()]
            return self._enter(State.MUTED, *commands, do.PlayEarcon(Earcon.MUTED))
        if not event.muted and self.state is State.MUTED:
            return self._rest(do.PlayEarcon(Earcon.UNMUTED))
        return []

    # The sound cards and the camera

    @_on.register
    def _around(self, event: on.Surrounding) -> list[Command]:
        return self._surrounded(event)

    # What rings, is told, or ends it

    @_on.register
    def _summons(self, event: on.Summoning) -> list[Command]:
        return self._summoned(event)

    # The session

    @_on.register
    def _opened(self, _: on.SessionOpened) -> list[Command]:
        self._link.opened()
        return [] if self._link.local else self._opened_late()

    @_on.register
    def _lost(self, event: on.SessionLost) -> list[Command]:
        if self._link.closed:
            return []
        if self.state is State.IDLE or (self.state is State.SPEAKING and self._now.complete):
            return [do.StopTimer(Timer.LINGER), *self._forget_session()]
        answered = self.state is State.SPEAKING or (self._now.paused and (self._now.begun or self._now.complete))
        untouched = not answered and not self._owed.pending
        seek = self._home.lost(event.cause) if self.rules.falls_back and not self._link.local else []
        elsewhere = self._elsewhere(event.cause) if untouched else []
        return [*seek, *(elsewhere or self._fail(self._home.refused or event.cause))]

    @_on.register
    def _standing_by(self, event: on.StandingBy) -> list[Command]:
        return self._stood_by(event)

    @_on.register
    def _going_away(self, _: on.SessionEnding) -> list[Command]:
        if not self._link.is_open or self._link.spent:
            return []
        if self.state is State.IDLE:
            return [do.StopTimer(Timer.LINGER), *self._close()]
        if self.state is State.LISTENING and not self._now.streaming:
            return [*self._close(), *self._open()]
        self._link.goes_away()
        return []

    # The budget

    @_on.register
    def _budget_near(self, event: on.BudgetNear) -> list[Command]:
        return [do.Announce(event.notice)] if self.situation.undisturbed else []

    @_on.register
    def _budget_reached(self, _: on.BudgetReached) -> list[Command]:
        return self._spent()

    # The reply

    @_on.register
    def _reply_started(self, event: on.ReplyStarted) -> list[Command]:
        if self._now.paused:
            return self._kept(event)
        unasked = self._owed.result_awaited and not self._calling.sounds
        if self.state is State.IDLE and unasked and event.turn == self.turn:
            self._now.replying = True
        if event.turn != self.reply_turn:
            return []
        self._owed.spoken()
        self._now.complete = self._now.starved = False
        if self.state is State.SPEAKING:
            return [self._patience()]
        self._link.next_request()  # nothing is opened anew for one that is being answered
        self._home.next_request()
        if not self._link.local:
            self._home.answered()
        return self._enter(State.SPEAKING, *self._stop_streaming(), *self._listen_along())

    @_on.register
    def _reply_complete(self, event: on.ReplyComplete) -> list[Command]:
        if self._now.paused:
            return self._kept(event)
        if event.turn != self.reply_turn:
            return []
        if self._owed.pending and (self.rules.tools_wait or self.state is State.THINKING):
            return self._await_the_rest()
        if self.state is State.SPEAKING:
            return self._finish()
        if self.state is State.THINKING:  # the model chose to say nothing
            return self._rest(do.PlayEarcon(Earcon.ASLEEP))
        return []

    @_on.register
    def _interrupted(self, event: on.Interrupted) -> list[Command]:
        if self._now.paused:
            return self._kept(event)
        if self.state is State.SPEAKING and event.turn == self.reply_turn:
            return self._finish()
        return []

    @_on.register
    def _drained(self, event: on.PlayoutDrained) -> list[Command]:
        if self.state is not State.SPEAKING or event.turn != self.turn:
            return []
        if self._hindrance:
            sleep = [do.PlayEarcon(Earcon.ASLEEP)] if self._now.goodbye else []
            return self._rest(*sleep, *self._tell_home())
        renew = self._close() if self._link.ending else []
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
        if self._now.paused:
            return self._keep_call(event.call)
        if self.state in REPLYING or self._now.streaming:
            self._owed.requested(event.call, self.rules)
            self._acted_upon()
            if self._now.streaming:
                return [*self._enter(State.THINKING, *self._stop_streaming()), do.RunTool(event.call)]
            return [do.RunTool(event.call), self._patience()]
        if self._link.is_open:
            return [do.RefuseTool(event.call, "the user is not waiting for this any more")]
        return []

    @_on.register
    def _tool_progressed(self, event: on.ToolProgressed) -> list[Command]:
        waited_for = event.id in self._owed.running and self.state in REPLYING
        return [self._patience()] if waited_for else []

    @_on.register
    def _tool_finished(self, event: on.ToolFinished) -> list[Command]:
        waited_for = self._owed.finished(event.id, failed=event.failed) and self.state in REPLYING
        patience = [self._patience()] if waited_for else []
        return [*patience, *self._owed.show(self.turn)]

    @_on.register
    def _tool_cancelled(self, event: on.ToolCancelled) -> list[Command]:
        """The service forgets these calls, and what they answered: it is undone, so that both know the same."""
        if not self._link.is_open:
            return []
        self._owed.cancelled(event.ids)
        finish = self._finish() if self._owed.trailing and self.state is State.SPEAKING else []
        return [do.CancelTools(event.ids, undo=True), *finish, *self._owed.show(self.turn)]

    # Deadlines

    @_on.register
    def _expired(self, event: on.TimerExpired) -> list[Command]:  # noqa: C901 - one line a timer
        late = event.timer in TIMERS.values() and event.timer is not TIMERS.get(self.state)
        if late:
            return []
        match event.timer:
            case Timer.LINGER:
                return self._close() if self.state is State.IDLE else []
            case Timer.FAILURE:
                self._condition.failure = None
                return []
            case Timer.LISTENING:
                told = self._tell_home() if self._now.follow_up else [do.PlayEarcon(Earcon.ASLEEP)]
                return self._rest(*self._stop_streaming(), *told)
            case Timer.HEARING:
                return self._heard_too_long(event.at)
            case Timer.THINKING if self._owed.trailing or self._now.goodbye:  # the model has nothing to add
                return self._rest(do.PlayEarcon(Earcon.ASLEEP))
            case Timer.THINKING:
                return self._not_answered()
            case Timer.UNANSWERED:
                return self._lets_wait()
            case Timer.SPEAKING:
                return self._spoken_too_long()
            case Timer.RINGING | Timer.RING_WAIT | Timer.TELLING:
                return self._summoned_too_long(event.timer)

    def _heard_too_long(self, at: int) -> list[Command]:
        """… or nothing at all."""
        if self._now.spoken or self._button is not None:
            return self._think(at)
        return self._rest(*self._close(), do.PlayEarcon(Earcon.ASLEEP))
