"""The appliance: the conversation in the middle, and every part that tells it something or does something for it.

`dispatch` takes an event and carries out what the conversation commands, without waiting in between. What takes time
is a task of one group, and reports back as an event; a task that fails ends the appliance.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Any, Final

from daemon.appliance.cards import Cards
from daemon.appliance.decisions import Decisions
from daemon.appliance.dialling import Dialling
from daemon.appliance.interjections import Interjections
from daemon.appliance.kept_reply import KeptReply
from daemon.appliance.ringer import Ringer
from daemon.appliance.seeking import Seeking
from daemon.appliance.sounds import Sounds
from daemon.appliance.teller import Teller
from daemon.appliance.timers import Timers
from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import Event
from daemon.conversation.exchange import State
from daemon.conversation.messages import ReplyAudio, SessionMessage, UsageReported
from daemon.hearing.ears import Ears
from daemon.live.redial import Redial
from daemon.live.uplink import Uplink
from daemon.sound.pcm import Samples, samples_of_ms
from daemon.sound.playout import Drained, Playout, PlayoutNotice, Resumed, Starved, Told
from daemon.sound.preroll import AudioRing
from daemon.tools.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from daemon.appliance.parts import Parts
    from daemon.conversation.rules import Rules
    from daemon.conversation.situation import Situation
    from daemon.conversation.tool_call import ToolCall

log = logging.getLogger(__name__)

NEAR_S: Final = 2.0
"""A wake word that is not complete by then is none."""


def ring_capacity(rules: Rules) -> int:
    """Samples to remember: the longest wait for speech, the longest utterance, and the slowest session after that."""
    return samples_of_ms(1000 * (rules.nothing_said_s + rules.longest_utterance_s + rules.reply_deadline_s))


class Appliance:
    """Runs until it is cancelled, or until a part of it fails."""

    def __init__(self, parts: Parts) -> None:
        self.conversation = Conversation(parts.rules)
        self.ring = AudioRing(ring_capacity(parts.rules))
        self.uplink = Uplink(self.ring, lambda: self.conversation.may_send)
        self.playout = Playout(parts.speaker_format, volume=parts.volume, notify=self._from_speaker_thread)
        self._parts = parts
        self._kept = KeptReply(self.playout)
        self._decisions = Decisions()
        self._held = False  # by a switch
        self._asking: asyncio.Task[None] | None = None
        self._cards = Cards(self.dispatch, lambda: self._loop.time())
        self._sounds = Sounds(self.playout, self._cards, parts.announcement, parts.volumes)
        self._ringer = Ringer(self.playout, parts.ringing, drop=lambda: self._speaker.drop(), soon=self._soon)
        self._teller = Teller(self.playout, parts.telling, dispatch=self.dispatch, soon=self._soon)
        self._ears = Ears(
            parts.microphone,
            parts.converter,
            self.ring,
            parts.listener,
            gate=parts.listener.gate,
            on_captured=self._captured,
            on_heard=self.dispatch,
            on_short=lambda said, samples: self._interjections.said(said, samples),
            on_spoken_over=lambda begins: self._interjections.spoken_over(begins),
        )
        parts.listener.on_near = lambda: self.playout.alert(NEAR_S)
        self._interjections = self._interjections_of(parts)
        self._timers = Timers(lambda timer: self.dispatch(on.TimerExpired(timer, self._ears.position)))
        self._calls = Calls(
            parts.toolbox,
            start=lambda work: self._group.create_task(work),
            dispatch=self.dispatch,
            on_answer=self._answered,
        )
        self._dialling = Dialling(
            parts.make_session,
            self.uplink,
            on_message=self._received,
            start=self.start,
            lost=lambda event: self._loop.call_soon(self.dispatch, event),
            redial=Redial(lambda: self._loop.time(), random.random),
            make_at_home=parts.at_home.session if parts.at_home else None,
        )
        self._seeking = Seeking(parts.probe, start=self.start, dispatch=self.dispatch, random=random.random)
        if parts.viewfinder:
            parts.viewfinder.reports_to(self.dispatch)

    def _interjections_of(self, parts: Parts) -> Interjections:
        return Interjections(
            parts.stop_word,
            ducks=parts.ducks,
            listen=lambda wanted: self._ears.listen_for_short(wanted=wanted),
            duck=lambda ducked: self.playout.duck(ducked=ducked),
            start=self.start,
            dispatch=self.dispatch,
        )

    @property
    def hearing(self) -> asyncio.Event:
        """Set when the first audio has been through the wake engine."""
        return self._ears.hearing

    def catch_up(self) -> None:
        """Put into the ring what has arrived: at rest that is done every two seconds, if nobody asks."""
        self._ears.catch_up()

    async def run(self) -> None:
        """Open microphone and speaker, and hold conversations. Raises HardwareError if a card cannot be used.

        Returns only if the microphone ends, which only a recording does.
        """
        self._loop = asyncio.get_running_loop()
        self._speaker = self._parts.make_speaker(self.playout)
        self._cards.watch(self._parts.microphone, self._speaker)
        async with self._parts.microphone, self._speaker, asyncio.TaskGroup() as self._group:
            self._rest(self.conversation.situation)
            self._listen_to_the_house()
            companions = [self.start(companion()) for companion in self._parts.companions]
            try:
                await self._ears.run()
            finally:
                for companion in companions:
                    companion.cancel()
                self._timers.stop_all()
                self._seeking.stop()
                self._dialling.close()
                self._calls.cancel_all()
                await self._dialling.farewell()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have this done beside everything else, while `run` runs."""
        return self._group.create_task(work)

    def mute(self, *, muted: bool) -> None:
        """The household's own doing: no tool may call this. The microphone is closed first, then all else follows.

        What a switch keeps closed nothing else opens.
        """
        if not muted and self._held:
            log.warning("the microphone stays closed: its switch is on")
            return
        self._parts.microphone.mute(muted)
        self._ears.mute(muted)
        self.dispatch(on.MuteSwitched(muted))

    def hold_mute(self, held: bool) -> None:
        """A switch closes the microphone, or gives it back: open, whoever closed it before."""
        self._held = held
        self.mute(muted=held)

    def switch_mute(self) -> None:
        """Mute, or the reverse."""
        self.mute(muted=self.conversation.state is not State.MUTED)

    def listen(self) -> None:
        """Listen as after the wake word, if it is idle: what the house is wired to may ask for no more."""
        self.dispatch(on.ListenAsked(self._ears.position))

    def dispatch(self, event: Event) -> None:
        """Tell the conversation, and start everything it wants done before anything else happens."""
        before = self.conversation.state
        if isinstance(event, on.ServiceReturned):
            self._dialling.found()
        commands = self.conversation.handle(event)
        for command in commands:
            self._perform(command)
        if self.conversation.state is not before:
            log.info("%s, after %s", self.conversation.state.value, type(event).__name__)
        situation = self.conversation.situation
        self._rest(situation)
        self._interjections.attend(situation)
        self._decisions.happened(event, commands, situation)
        for witness in self._parts.witnesses:
            witness.happened(event, commands, situation)
        self._tell_at_rest()

    def _rest(self, situation: Situation) -> None:
        """Tell ears and speaker whether anybody is spoken with."""
        self._ears.rest(situation.resting)
        self.playout.ease(situation.resting)

    def _perform(self, command: do.Command) -> None:  # noqa: C901 - one line a command
        match command:
            case do.OpenSession() | do.CloseSession() | do.LeaveSession():
                self._dial(command)
            case do.AskHome() | do.PrepareHome():
                self._consult_home(command)
            case do.SeekService():
                self._seeking.seek()
            case do.StartActivity(turn, from_sample, goes_on):
                self.uplink.start(turn, from_sample, goes_on=goes_on)
            case do.EndActivity(turn, at_sample):
                self.uplink.end(turn, at_sample)
                self.playout.expect(turn)
            case do.WatchForSpeech(from_sample):
                self._ears.watch(self._ears.position if from_sample is None else from_sample)
            case do.StopWatching():
                self._ears.stop_watching()
            case do.FlushPlayout():
                self._fall_silent()
            case do.PlayKept(turn):
                self._kept.release(turn)
            case do.FinishPlayout(turn):
                self.playout.finish(turn)
            case do.RunTool(call):
                self._calls.run(call, self._dialling.session)
            case do.RefuseTool(call, reason):
                self._calls.refuse(call, self._dialling.session, reason)
            case do.CancelTools(ids, undo, reason):
                self._calls.cancel(ids, undo=undo, reason=reason)
            case do.ShowPictures(turn):
                if self._parts.viewfinder:
                    self._parts.viewfinder.show_and_ask(turn)
            case do.PlayEarcon(sound):
                self._sounds.play(sound)
            case do.Announce(cause):
                self._sounds.announce(cause)
            case do.StartRinging():
                self._ringer.start()
            case do.StopRinging(ids, answered):
                self._ringer.stop(ids, answered=answered)
            case do.TellMessage():
                self._teller.tell()
            case do.ShowIndicator(pattern):
                if self._parts.indicator:
                    self._parts.indicator.show(pattern.value)
            case do.StartTimer(timer, seconds):
                self._timers.start(timer, seconds)
            case do.StopTimer(timer):
                self._timers.stop(timer)

    def _dial(self, command: do.OpenSession | do.CloseSession | do.LeaveSession) -> None:
        match command:
            case do.OpenSession(local):
                self._calls.forget()
                self._dialling.open(at_home=local)
            case do.CloseSession():
                self._dialling.close()
            case do.LeaveSession():
                self._dialling.leave()

    def _fall_silent(self) -> None:
        self._kept.clear()
        heard_samples = self.playout.flush()
        self._speaker.drop()
        self._teller.silenced(unheard=self._cards.speaker_away)
        for witness in self._parts.witnesses:
            witness.flushed(heard_samples)

    # What happens elsewhere

    def _listen_to_the_house(self) -> None:
        """Only once all is open: what a press leads to needs the speaker."""
        if button := self._parts.button:
            button.on_pressed = lambda: self.dispatch(on.ButtonPressed(self._ears.position))
            button.on_released = lambda held_ms: self.dispatch(on.ButtonReleased(self._ears.position, held_ms))
        if mute_button := self._parts.mute_button:
            mute_button.on_pressed = self.switch_mute
        if self._parts.ringing:
            self._parts.ringing.reports_to(self.dispatch)
            self._parts.ringing.warns(self.playout.alert)
        if self._parts.telling:
            self._parts.telling.reports_to(self._teller.reported)
        for reporter in self._parts.reporters:
            reporter.reports_to(self.dispatch)

    def _captured(self, samples: Samples) -> None:
        self.uplink.captured()
        for witness in self._parts.witnesses:
            witness.captured(samples)

    def _soon(self, work: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _from_speaker_thread(self, notice: PlayoutNotice) -> None:
        self._soon(lambda: self._playout_noticed(notice))

    def _playout_noticed(self, notice: PlayoutNotice) -> None:
        match notice:
            case Drained(turn, heard_samples):
                self.dispatch(on.PlayoutDrained(turn, heard_samples, self._ears.position))
            case Starved(turn):
                self.dispatch(on.PlayoutStarved(turn))
            case Resumed(turn):
                self.dispatch(on.PlayoutResumed(turn))
            case Told(message):
                self._teller.heard(message)

    # The session

    def _received(self, message: SessionMessage) -> None:
        for witness in self._parts.witnesses:
            witness.received(message)
        if self._dialling.heard(message):
            self._seeking.answered()
        if isinstance(message, ReplyAudio):
            if message.turn == self.conversation.reply_turn:
                self.playout.play(message.turn, message.data, message.rate_hz)
            elif message.turn == self.conversation.kept_turn:
                self._kept.keep(message)
        elif isinstance(message, UsageReported):
            self._heed_the_budget()
        elif isinstance(message, Event):
            self.dispatch(message)

    def _consult_home(self, command: do.AskHome | do.PrepareHome) -> None:
        """Of questions only the newest is answered: to an older one less had been said."""
        if isinstance(command, do.AskHome):
            if self._asking:
                self._asking.cancel()
            self._asking = self.start(self._read_at_home(command.turn))
        elif self._parts.at_home:
            self.start(self._parts.at_home.prepare())

    async def _read_at_home(self, turn: int) -> None:
        at_home = self._parts.at_home
        sure = at_home is not None and await at_home.sure(self.uplink.said(turn))
        self.dispatch(on.HomeHasRead(turn, sure))

    # The budget

    def _heed_the_budget(self) -> None:
        if self._parts.budget and self._parts.budget.reached:
            self.dispatch(on.BudgetReached())
        self._tell_at_rest()

    def _tell_at_rest(self) -> None:
        """A warning waits until nobody is asking, answering or expected to, and so do messages."""
        budget = self._parts.budget
        if budget and self.conversation.situation.undisturbed and (notice := budget.notice()):
            self.dispatch(on.BudgetNear(notice))
        self._teller.offer(may_tell=self.conversation.may_tell)

    # Tools

    def _answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        for witness in self._parts.witnesses:
            witness.answered(call, response)
