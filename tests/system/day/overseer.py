"""Looks on all day, and complains whenever a promise is broken (docs/architecture.md)."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.exchange import RESTS, State
from daemon.conversation.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.conversation.causes import Cause, Notice
    from daemon.conversation.clocks import Timer
    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.rules import Rules
    from daemon.conversation.situation import Situation
    from daemon.offline.wire.records import ActivityWindow
    from daemon.sound.pcm import Samples
    from tests.system.day.service import Service

LATE_S: Final = 0.1
"""A timer's lateness that is no fault: periods take 20 ms, and time jumps from one to the next."""
GOODBYE_S: Final = 2.5
"""How long a session may still be open after it is closed: `daemon.appliance.dialling.FAREWELL_S`, and a little."""


@dataclass
class _Window:
    """What may leave the device: captured samples from `begin` to `end`; None while more may."""

    begin: int
    end: int | None = None


@dataclass
class _Minutes:
    """What happened in one conversation."""

    happened: list[Event] = field(default_factory=list)
    announced: list[Cause | Notice] = field(default_factory=list)
    windows: list[_Window] = field(default_factory=list)
    captured: list[Samples] = field(default_factory=list)
    pauses_s: list[float] = field(default_factory=list)
    """From the end of each utterance to the beginning of its reply."""
    begin: int = 0  # the position of the first sample captured in it


class Overseer(Witness):
    """One for each start of the appliance; times are the loop's."""

    def __init__(self, rules: Rules, service: Service, complain: Callable[[str], None]) -> None:
        self.state = State.IDLE
        self.minutes = _Minutes()
        self.on_news: Callable[[], None] = lambda: None
        """Called after each thing that happens, with what it led to begun."""
        self._rules = rules
        self._service = service
        self._complain = complain
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._captured = 0
        self._whole_from = 0
        self._starved = False
        self._ended_at = 0.0
        self._lingering: asyncio.TimerHandle | None = None
        self._timers: dict[Timer, float] = {}
        self._patience: asyncio.TimerHandle | None = None
        self._goodbye: asyncio.TimerHandle | None = None

    @property
    def at_rest(self) -> bool:
        return self.state in RESTS

    def begin(self) -> None:
        """A new conversation."""
        self.minutes = _Minutes(begin=self._captured)

    async def until(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait until something has happened by which `condition` holds. Raises AssertionError if that takes longer."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{seconds:g} s and not {what}: {self.state.value}") from None

    # The Witness

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        self._watch_the_rest(situation.state)
        self.state = situation.state
        self.minutes.happened.append(event)
        self._check_timer(event)
        for command in commands:
            self._note(command)
        self._watch_the_timers()
        self._watch_the_state(event)
        self._watch_the_session(event, commands)
        self._tell()

    def received(self, message: SessionMessage) -> None:  # noqa: ARG002
        self._tell()

    def captured(self, samples: Samples) -> None:
        self._captured += len(samples)
        self.minutes.captured.append(samples)

    def _tell(self) -> None:
        self._news.set()
        self.on_news()

    # Timers

    def _check_timer(self, event: Event) -> None:
        if not isinstance(event, on.TimerExpired):
            return
        due = self._timers.pop(event.timer, None)
        if due is None or not due - LATE_S <= self._loop.time() <= due + LATE_S:
            self._complain(f"the timer {event.timer.value!r} ran out, which was due at {due}")

    def _watch_the_timers(self) -> None:
        for timer, due in self._timers.items():
            if self._loop.time() > due + LATE_S:
                self._complain(f"the timer {timer.value!r} did not run out, which was due at {due}")

    def _note(self, command: Command) -> None:
        match command:
            case do.StartTimer(timer, seconds):
                self._timers[timer] = self._loop.time() + seconds
            case do.StopTimer(timer):
                self._timers.pop(timer, None)
            case do.Announce(cause):
                self.minutes.announced.append(cause)
            case do.StartActivity(_, from_sample, goes_on):
                self._end_windows(self._captured)
                self.minutes.windows.append(_Window(from_sample))
                if goes_on:  # another session is told both as one
                    self.minutes.windows.append(_Window(self._whole_from))
                else:
                    self._whole_from = from_sample
            case do.EndActivity(_, at_sample):
                self._ended_at = self._loop.time()
                self._end_windows(max(at_sample, self._captured))
            case do.CloseSession():
                self._end_windows(self._captured)

    def _end_windows(self, end: int) -> None:
        for window in self.minutes.windows:
            window.end = end if window.end is None else window.end

    # States

    def _watch_the_state(self, event: Event) -> None:
        """Whatever happens, the present state ends or is renewed by an event within its deadline."""
        if isinstance(event, on.PlayoutStarved | on.PlayoutResumed | on.ReplyStarted):
            self._starved = isinstance(event, on.PlayoutStarved)
        if isinstance(event, on.ReplyStarted):
            self.minutes.pauses_s.append(self._loop.time() - self._ended_at)
        if self._patience:
            self._patience.cancel()
            self._patience = None
        if self.state not in RESTS:
            self._patience = self._loop.call_later(self._limit_s() + LATE_S, self._outlived)

    def _limit_s(self) -> float:
        rules = self._rules
        return {
            State.LISTENING: max(rules.nothing_said_s, rules.follow_up_s),
            State.HEARING: max(rules.nothing_said_s, rules.longest_utterance_s),
            State.THINKING: rules.reply_deadline_s,
            State.SPEAKING: rules.stalled_reply_s if self._starved else rules.longest_reply_s,
        }[self.state]

    def _outlived(self) -> None:
        self._complain(f"{self.state.value} has outlived its deadline of {self._limit_s():g} s")

    # Sessions

    def _watch_the_session(self, event: Event, commands: Sequence[Command]) -> None:
        """Once it is closed it ends, unless another is opened."""
        opens = any(isinstance(command, do.OpenSession) for command in commands)
        closes = any(isinstance(command, do.CloseSession) for command in commands)
        if opens or closes or isinstance(event, on.SessionLost):
            if self._goodbye:
                self._goodbye.cancel()
            self._goodbye = None if opens else self._loop.call_later(GOODBYE_S, self._still_open)

    def _watch_the_rest(self, state: State) -> None:
        """At rest a session lingers for so long, and no longer."""
        if state is self.state:
            return
        if self._lingering:
            self._lingering.cancel()
            self._lingering = None
        if state in RESTS:
            linger_s = self._rules.linger_s if state is State.IDLE else 0
            self._lingering = self._loop.call_later(linger_s + GOODBYE_S, self._still_open)

    def _still_open(self) -> None:
        if self._service.connections:
            self._complain(f"a connection is still open {GOODBYE_S:g} s after it should have ended")

    def stop(self) -> None:
        """The appliance has been stopped."""
        for timer in (self._patience, self._goodbye, self._lingering):
            if timer:
                timer.cancel()

    # What left the device

    def compare(self, windows: Sequence[ActivityWindow]) -> None:
        """Every window that the service heard is a window of the conversation, sample for sample from its beginning."""
        captured = np.concatenate((*self.minutes.captured, np.zeros(0, np.int16)))
        for heard in windows:
            if not any(self._is(window, heard.samples, captured) for window in self.minutes.windows):
                self._complain(f"{len(heard.samples)} samples reached the service that are of no window")

    def _is(self, window: _Window, heard: Samples, captured: Samples) -> bool:
        begin = window.begin - self.minutes.begin
        end = self._captured if window.end is None else window.end
        within = len(heard) <= end - window.begin
        return within and np.array_equal(captured[begin : begin + len(heard)], heard)


class Chronicle:
    """The last lines of what happened, for whoever has to find out why."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.lines: deque[str] = deque(maxlen=300)
        self.complaints: list[str] = []

    def note(self, text: str) -> None:
        now = self._now()
        self.lines.append(f"{now // 3600:02.0f}:{now // 60 % 60:02.0f}:{now % 60:06.3f} {text}")

    def complain(self, text: str) -> None:
        self.note(f"COMPLAINT: {text}")
        self.complaints.append(text)
