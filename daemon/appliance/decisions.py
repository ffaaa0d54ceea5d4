"""Why the conversation did what it did, told to the journal at debug level: it does not log by itself.

One line a decision that somebody may ask about afterwards, and none that tells what was said. What was decided before
the conversation heard of it is told where that was, as in `daemon.wake.detector` and `daemon.hearing.endpoint`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.clocks import Timer
from daemon.conversation.exchange import REPLYING, RESTS, WATCHED, State
from daemon.conversation.patience import TIMERS
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.conversation.situation import Hindrance, Situation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.conversation.causes import Cause

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Step:
    """What was commanded, and how things stood before and after."""

    before: Situation
    commands: Sequence[do.Command]
    after: Situation

    def has(self, kind: type[do.Command]) -> bool:
        return any(isinstance(command, kind) for command in self.commands)

    @property
    def given_up(self) -> bool:
        """The user was to be listened to, and no more is."""
        return self.before.state in WATCHED and self.after.state in RESTS

    @property
    def silenced(self) -> bool:
        """What rang or was told does so no more."""
        rang = self.before.ringing and not self.after.ringing
        return bool(rang) or (self.before.telling and not self.after.telling)

    @property
    def turn_ended(self) -> bool:
        return self.has(do.EndActivity) and self.after.state not in RESTS


class Decisions:
    """Told every event like a witness, but nothing of the sound: it costs nothing while nothing happens."""

    def __init__(self) -> None:
        self._situation = Situation()
        self._seconds: dict[Timer, float] = {}  # of the timers, as they were started last

    def happened(self, event: on.Event, commands: Sequence[do.Command], situation: Situation) -> None:
        """As `Witness.happened`."""
        if not log.isEnabledFor(logging.DEBUG):
            return
        step = _Step(self._situation, commands, situation)
        self._situation = situation
        self._tell(event, step)
        _tell_of_what_was_heard(event, step)
        for command in commands:
            match command:
                case do.StartTimer(timer, seconds):
                    self._seconds[timer] = seconds
                case do.Announce(cause):
                    log.debug("the household is told: %s", cause.value)

    def _tell(self, event: on.Event, step: _Step) -> None:  # noqa: C901 - one line an event
        match event:
            case on.WakeWordDetected(model) if not step.commands:
                log.debug("the wake word %s is not heeded while %s", model, step.before.state.value)
            case on.ButtonPressed() if not step.silenced and {step.before.state, step.after.state} <= RESTS:
                _tell_of_a_press_in_vain(step)
            case on.RingDue() if step.after.waiting and not step.before.waiting:
                log.debug("what is due does not ring yet: %s", step.after.state.value)
            case on.MessageWaiting() if not step.has(do.TellMessage):
                _tell_of_a_message_that_waits(step)
            case on.ButtonReleased(_, held_ms):
                _tell_of_a_release(held_ms, step)
            case UtterancePaused() if step.turn_ended:
                log.debug("turn %d may end here: the service is asked while that is waited for", step.after.turn)
            case UtteranceResumed() if step.has(do.StartActivity):
                log.debug("turn %d was not over: turn %d goes on from it", step.before.turn, step.after.turn)
            case on.UtteranceEnded() if step.has(do.PlayKept):
                log.debug("turn %d has ended: the pause has lasted", step.before.turn)
            case on.UtteranceEnded() if step.before.state is State.HEARING:
                self._tell_of_a_silence(step)
            case on.MicrophoneLost() if step.given_up:
                log.debug("the request is given up: the microphone is away")
            case on.SessionLost(cause):
                _tell_of_a_loss(cause, step)
            case on.HomeHasRead(_, sure):
                _tell_of_a_reading(step, sure=sure)
            case on.SessionEnding(seconds):
                _tell_of_an_ending(seconds, step)
            case on.BudgetReached() if step.before.hindrance is not Hindrance.BUDGET is step.after.hindrance:
                log.debug("the budget is spent: this exchange is the last of its session")
            case on.ReplyStarted(turn) if turn not in {step.before.reply_turn, step.after.reply_turn}:
                log.debug("the reply to turn %d is not played: nobody waits for it", turn)
            case on.ReplyStarted() | on.ToolRequested() if step.turn_ended:
                log.debug("turn %d ends: the service has heard enough", step.after.turn)
            case on.ToolRequested() if not step.commands:
                log.debug("a call is dropped: its session is over")
            case on.Interrupted(turn) if step.has(do.FinishPlayout):
                log.debug("the reply to turn %d is cut short by the service", turn)
            case on.ReplyComplete() if step.before.state is State.THINKING and step.after.state is State.IDLE:
                log.debug("the model chose to say nothing")
            case on.PlayoutDrained() if step.before.state is State.SPEAKING:
                _tell_of_a_follow_up(step)
            case on.TimerExpired(timer):
                self._tell_of_a_deadline(timer, step)

    def _tell_of_a_silence(self, step: _Step) -> None:
        if step.turn_ended:
            log.debug("turn %d ends: by silence", step.after.turn)
        elif step.has(do.StartTimer):
            log.debug("turn %d has fallen silent: the service decides whether it ends", step.after.turn)
        else:
            log.debug("turn %d goes on in silence: the button is down", step.after.turn)

    def _tell_of_a_deadline(self, timer: Timer, step: _Step) -> None:  # noqa: C901 - one line a timer
        if timer in TIMERS.values() and timer is not TIMERS.get(step.before.state):
            return  # late: nobody waits for it any more
        seconds = self._seconds.get(timer, 0.0)
        match timer:
            case Timer.HEARING if step.turn_ended:
                log.debug("turn %d ends: by its deadline, %.1f s", step.after.turn, seconds)
            case Timer.LISTENING | Timer.HEARING:
                log.debug("nothing was said within %.1f s", seconds)
            case Timer.UNANSWERED if step.has(do.LeaveSession):
                _tell_of_a_reading(step, sure=True)
            case Timer.THINKING if step.has(do.LeaveSession):
                log.debug("turn %d goes to the brain at home: no reply within %.1f s", step.after.turn, seconds)
            case Timer.THINKING if not step.has(do.Announce):
                log.debug("the model had nothing to add within %.1f s", seconds)
            case Timer.THINKING:
                log.debug("no reply came within %.1f s", seconds)
            case Timer.SPEAKING:
                log.debug("no more of the reply is waited for: it had %.1f s", seconds)
            case Timer.LINGER if step.has(do.CloseSession):
                log.debug("the session is closed: nothing was asked for %.1f s", seconds)
            case Timer.RING_WAIT if step.has(do.StartRinging):
                log.debug("the exchange is cut short: what is due had waited %.1f s", seconds)
            case Timer.RINGING if step.silenced:
                log.debug("it rang for %.1f s, and nobody stopped it", seconds)
            case Timer.TELLING if step.silenced:
                log.debug("a message is cut short: it had %.1f s", seconds)


def _tell_of_a_press_in_vain(step: _Step) -> None:
    if step.before.state is State.MUTED:
        log.debug("the button is not heeded: muted")
    else:
        log.debug("the button is not heeded: the microphone is away")


def _tell_of_a_message_that_waits(step: _Step) -> None:
    if step.after.state not in RESTS:
        log.debug("a message waits: %s", step.after.state.value)
    elif step.after.ringing or step.after.telling:
        log.debug("a message waits: something else is heard")
    else:
        log.debug("a message waits: the speaker is away")


def _tell_of_what_was_heard(event: on.Event, step: _Step) -> None:
    """How it ended, but for those ends that are told as deadlines."""
    if isinstance(event, on.TimerExpired | on.MessageTold):
        return
    if step.before.ringing and not step.after.ringing:
        log.debug("what rang is stopped, by %s", type(event).__name__)
    if step.before.telling and not step.after.telling:
        log.debug("a message is cut short, by %s", type(event).__name__)


def _tell_of_a_release(held_ms: float, step: _Step) -> None:
    if step.turn_ended:
        log.debug("turn %d ends: the button was let go after %.0f ms", step.after.turn, held_ms)
    elif step.given_up:
        log.debug("the request is given up: the button was pressed for %.0f ms", held_ms)
    elif step.before.state in WATCHED:
        log.debug("listening goes on: the button was pressed for %.0f ms alone", held_ms)


def _tell_of_a_reading(step: _Step, *, sure: bool) -> None:
    if step.has(do.LeaveSession):
        log.debug("turn %d goes to the brain at home: it is sure, and the service lets it wait", step.after.turn)
    elif not sure:
        log.debug("turn %d waits on for the service: the brain at home is not sure", step.after.turn)


def _tell_of_a_loss(cause: Cause, step: _Step) -> None:
    if do.OpenSession(local=True) in step.commands:
        log.debug("turn %d goes to the brain at home after %s", step.after.turn, cause.value)
    elif step.has(do.OpenSession):
        log.debug("opened again after %s: the %d. time for this request", cause.value, step.after.reopened)
    elif not step.has(do.Announce):
        if step.commands:
            log.debug("not opened again after %s: nobody waits for it", cause.value)
    elif not cause.passing:
        log.debug("not opened again after %s: it does not pass by itself", cause.value)
    elif step.before.state is State.SPEAKING:
        log.debug("not opened again after %s: the reply had begun", cause.value)
    elif step.before.called:
        log.debug("not opened again after %s: a tool had been called", cause.value)
    else:
        log.debug("not opened again after %s: it was, %d times", cause.value, step.before.reopened)


def _tell_of_an_ending(seconds: float, step: _Step) -> None:
    if step.has(do.OpenSession):
        log.debug("opened again before the request: the session ends in %.0f s", seconds)
    elif step.has(do.CloseSession):
        log.debug("the session is closed: it ends in %.0f s, and nobody asks", seconds)
    elif step.before.state in WATCHED | REPLYING:
        log.debug("the session ends in %.0f s: after this exchange there will be another", seconds)


def _tell_of_a_follow_up(step: _Step) -> None:
    if step.after.state is State.LISTENING:
        log.debug("a follow-up may be said without the wake word")
    elif step.after.state is State.IDLE and step.before.hindrance:
        log.debug("no follow-up: %s", step.before.hindrance.value)
