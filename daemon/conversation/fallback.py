"""What the service does not take goes to the brain at home: the same request, once, and never to both.

The border is the first call of a tool: until then nothing was done, and the request may change hands. It does so when
the session cannot be had, is lost or refused; or when the service lets it wait and the brain at home, asked what it
makes of the words, is sure. Where the service is in doubt it reads them in the pause already that may be their end.
Whoever loses the request is closed first, and nothing of him is heard of again.
"""

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Command
from daemon.conversation.exchange import State
from daemon.conversation.pausing import Pausing, UtteranceResumed
from daemon.conversation.rules import Offline
from daemon.conversation.standby import Reading, Told
from daemon.conversation.transitions import Transitions


class Fallback(Transitions):
    @property
    def _at_home(self) -> bool:
        """Whether the brain at home answers in the place of the service."""
        return self._link.local and self.rules.falls_back

    def _elsewhere(self, cause: Cause) -> list[Command]:
        """The session is lost, and nothing was answered or done: who else takes the request, or nobody (empty)."""
        if self._link.local:
            return self._home_lost()
        if self._link.may_reopen(cause, self.rules.reopenings) and not self._home.away:
            return [*self._forget_session(), *self._link.reopen(), *self._keep_ready()]
        return [*self._forget_session(), *self._take_home(cause)] if self._home_may_take_it else []

    def _home_lost(self) -> list[Command]:
        """The service was perhaps not even tried."""
        self._home.gives_up()
        if not self.rules.falls_back or self._home.refused or self._home.called:
            return []
        return [*self._forget_session(), *self._link.open()]

    @property
    def _decides_itself(self) -> bool:
        """With automatic turn taking: there is no service that would hear where speech ends."""
        return self._link.local or (self.rules.falls_back and not self._link.is_open)

    @property
    def _home_may_take_it(self) -> bool:
        home = self._home
        return self.rules.falls_back and not (self._link.local or home.failed or home.called)

    def _take_home(self, cause: Cause) -> list[Command]:
        """There is no session any more, and what was said waits for the next."""
        self._home.refused, self._home.reading = cause, Reading.NONE
        opened = self._link.open(local=True)
        if self.state is not State.THINKING:
            return [*opened, *self._read_early()]
        return [*opened, do.StopTimer(Timer.UNANSWERED), self._patience(), *self._sound_home()]

    def _acted_upon(self) -> None:
        """A tool is called for it; after the first word of the reply nobody else could take it anyway."""
        if self.rules.falls_back and self.state is not State.SPEAKING:
            self._home.acted()
        if not self._link.local:
            self._home.answered()

    def _leave(self) -> list[Command]:
        """The session has not taken the request, and shall not: it is closed, and what was said waits for the next."""
        self._link.lost()
        return [*self._owed.end(), do.LeaveSession()]

    def _ask_home(self) -> list[Command]:
        if self.state is not State.THINKING or not self._home_may_take_it:
            return []
        self._home.reading = Reading.DUE
        return [do.AskHome(self.turn)]

    def _read_ahead(self, event: Pausing) -> list[Command]:
        """What was said may be all: who may have to answer it reads it already."""
        if isinstance(event, UtteranceResumed):
            self._home.goes_on()
        elif self.state is State.HEARING and self.rules.offline is not Offline.NEVER:
            self._home.silent_from = event.at
        return self._read_early()

    def _read_early(self) -> list[Command]:
        """In a pause, if the service may not be there."""
        home = self._home
        silent = self.state is State.HEARING and self._button is None and home.silent_from is not None
        if not silent or not self._link.doubtful or home.failed or home.reading is not Reading.NONE:
            return []
        home.reading = Reading.NONE if self._link.local else Reading.ASKED  # whoever has the request need not be sure
        self._link.silent = False  # that was heeded
        return [do.AskHome(self.turn)]

    def _keep_ready(self) -> list[Command]:
        """The brain at home is more likely to be needed than it was."""
        if not self._home_may_take_it:
            return []
        return self._ask_home() or self._read_early() or [do.PrepareHome()]

    def _line_fell_silent(self, *, silent: bool) -> list[Command]:
        """The network may be gone: the brain at home is wanted sooner. Nothing is taken from the service by that."""
        if self._link.local or not self._link.is_open or self.state not in {State.HEARING, State.THINKING}:
            return []
        if self.state is State.THINKING:
            return self._wait_for_service(doubtful=True) if silent else []
        self._link.silent = silent and self._home.reading is Reading.NONE
        if not silent:
            self._home.reading = Reading.NONE
            return []
        return self._keep_ready()

    def _opened_late(self) -> list[Command]:
        """The service takes the request after all, and has some time for it."""
        self._home.reading = Reading.NONE
        return self._wait_for_service()

    def _lets_wait(self) -> list[Command]:
        """The service had the time in which it is waited for alone."""
        match self._home.reading:
            case Reading.NONE:
                return self._ask_home()
            case Reading.ASKED:
                self._home.reading = Reading.DUE
            case Reading.SURE:
                return self._change_hands()
        return []

    def _home_has_read(self, event: on.HomeHasRead) -> list[Command]:
        """It acts on what it is sure of; for anything else the service has the time that it always had."""
        reading = self._home.reading
        if reading not in {Reading.ASKED, Reading.DUE} or event.turn != self.turn:
            return []
        self._home.reading = Reading.SURE if event.sure else Reading.UNSURE
        return self._change_hands() if event.sure and reading is Reading.DUE else []

    def _change_hands(self) -> list[Command]:
        if self.state is not State.THINKING or not self._home_may_take_it:
            return []
        cause = Cause.NO_REPLY if self._link.is_open else Cause.TIMEOUT
        return [*self._home.lost(cause), *self._leave(), *self._take_home(cause)]

    def _stood_by(self, event: on.StandingBy) -> list[Command]:
        match event:
            case on.HomeHasRead():
                return self._home_has_read(event)
            case on.LineSilent(silent):
                return self._line_fell_silent(silent=silent)
            case on.ServiceReturned():
                self._home.returned()
        return []

    def _spent(self) -> list[Command]:
        """The service may cost no more."""
        match self.state:
            case State.IDLE if not self._link.closed:
                return [do.StopTimer(Timer.LINGER), *self._close(), *self._tell(Cause.BUDGET)]
            case State.LISTENING if self._home_may_take_it:
                return [*self._leave(), *self._take_home(Cause.BUDGET)]
            case State.LISTENING:
                return self._fail(Cause.BUDGET)
            case State.HEARING | State.THINKING | State.SPEAKING:
                self._link.spend()
        return []

    def _not_answered(self) -> list[Command]:
        """The service had its time."""
        if not self._home_may_take_it or self._owed.pending:
            return self._fail(self._home.refused or Cause.NO_REPLY)
        return [*self._home.lost(Cause.NO_REPLY), *self._leave(), *self._take_home(Cause.NO_REPLY)]

    # What the household is told of it, once until the service answers again

    def _sound_home(self) -> list[Command]:
        if not self.rules.falls_back or self._home.told is not Told.NOTHING:
            return []
        self._home.told = Told.SOUND
        return [do.PlayEarcon(do.Earcon.HOME)]

    def _tell_home(self) -> list[Command]:
        """… when there is nothing more to say of the matter itself."""
        if self._home.told is not Told.SOUND:
            return []
        self._home.told = Told.ALL
        return [do.Announce(Notice.AT_HOME)]
